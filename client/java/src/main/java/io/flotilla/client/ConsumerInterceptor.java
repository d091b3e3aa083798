package io.flotilla.client;

import java.util.List;
import java.util.Map;

/**
 * Sees every record that a consumer returns, and what its group commits. Whoever can change records can stop them; whoever
 * only watches cannot:
 *
 * <ul>
 *   <li>what {@link #onRecords} throws, {@code poll} throws as {@link InterceptorException}; the consumer moves back, so
 *       that the next poll returns the same records;
 *   <li>what {@link #onCommitted} throws is logged, with a warning that names the interceptor, and changes nothing.
 * </ul>
 *
 * <p>Given in {@link ConsumerSettings#interceptors()}, called in that order, and never closed: they are the application's.
 */
public interface ConsumerInterceptor {
    /**
     * On the thread that polls, before {@code poll} returns.
     *
     * @param records at least one
     * @return what {@code poll} is to return; a record that is left out counts as returned
     */
    default List<ConsumerRecord> onRecords(List<ConsumerRecord> records) {
        return records;
    }

    /** These offsets of the consumer's group are durable. On a thread of the client: it must not block. */
    default void onCommitted(Map<TopicPartition, CommittedOffset> offsets) {}
}

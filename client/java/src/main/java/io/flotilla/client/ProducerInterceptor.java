package io.flotilla.client;

/**
 * Sees every record of a producer on its way out, and what becomes of it. Whoever can change a record can stop it; whoever
 * only watches cannot:
 *
 * <ul>
 *   <li>what {@link #onSend} throws fails that record, and only that: nothing is sent that an interceptor should have
 *       changed and did not;
 *   <li>what {@link #onAcknowledged} and {@link #onFailed} throw is logged, with a warning that names the interceptor, and
 *       changes nothing for the record or its future.
 * </ul>
 *
 * <p>Given in {@link ProducerSettings#interceptors()}, called in that order, and never closed: they are the application's.
 *
 * <p>Threading: called by whatever threads send, several at a time, and by the producer's own.
 */
public interface ProducerInterceptor {
    /**
     * On the thread that sends, before the partition is chosen.
     *
     * @return the record to send instead, or the same one
     * @throws RuntimeException fails the record with INVALID_RECORD, {@code not_appended}
     */
    default ProducerRecord onSend(ProducerRecord record) {
        return record;
    }

    /**
     * The record is stored. On the producer's own thread, before the record's future completes: it must be quick.
     *
     * @param record as it was sent
     */
    default void onAcknowledged(ProducerRecord record, RecordMetadata stored) {}

    /**
     * The record's future fails, for whatever reason. On the producer's own thread, or on the one that sends.
     *
     * @param record as it was sent, or as far as the interceptors had come with it
     */
    default void onFailed(ProducerRecord record, Throwable failure) {}
}

package io.flotilla.client;

import java.util.Set;

/**
 * Hears of the partitions that come to a group's consumer and go from it. It is called by the thread that is in
 * {@link GroupConsumer#poll}, and may call the consumer. What it throws, {@code poll} throws.
 */
public interface RebalanceListener {
    /** Hears of nothing. */
    RebalanceListener NONE = new RebalanceListener() {};

    /** These are read from now on, from their committed offset; {@link GroupConsumer#seek} may still change that. */
    default void onAssigned(Set<TopicPartition> partitions) {}

    /**
     * These go to other members once this method has returned: the time to commit what only the application knows to be
     * done. Their records are read no more.
     */
    default void onRevoked(Set<TopicPartition> partitions) {}

    /**
     * These went to other members already, since this one was taken for gone, or their topic is gone: what of them is not
     * yet committed cannot be, and others will process it again.
     */
    default void onLost(Set<TopicPartition> partitions) {}
}

package io.flotilla.client.metrics;

/** Hears what one consumer does. Methods that are not overridden do nothing. */
public interface ConsumerMetrics {
    /** Nobody listens. */
    ConsumerMetrics NONE = new ConsumerMetrics() {};

    /**
     * Batches came from a broker.
     *
     * @param bytes as they travelled, compressed
     */
    default void received(int bytes) {}

    /** Records that a poll has read. */
    default void returned(int records) {}

    /**
     * A poll begins.
     *
     * @param nanos since the last one returned: how long the application worked on it
     */
    default void polledAfter(long nanos) {}

    /** The group gave it partitions or took some away. */
    default void rebalanced() {}

    /** A commit of its group was answered. */
    default void committed(long nanos) {}

    /** A commit of its group failed. */
    default void commitFailed() {}

    /** A large value is left out, since parts of it never came. */
    default void valueLeftOut() {}

    /** The consumer is closed. */
    default void closed() {}
}

package io.flotilla.client.metrics;

/** Hears what one producer does. Methods that are not overridden do nothing. */
public interface ProducerMetrics {
    /** Nobody listens. */
    ProducerMetrics NONE = new ProducerMetrics() {};

    /**
     * A batch goes to a broker for the first time.
     *
     * @param bytes as they travel, compressed
     */
    default void batchSent(int records, int bytes) {}

    /** A batch goes to a broker once more. */
    default void batchSentAgain() {}

    /**
     * A batch is stored.
     *
     * @param nanos since it was sent last
     */
    default void acknowledged(int records, long nanos) {}

    /** Records whose futures fail, for whatever reason. */
    default void failed(int records) {}

    /** The producer is closed. */
    default void closed() {}
}

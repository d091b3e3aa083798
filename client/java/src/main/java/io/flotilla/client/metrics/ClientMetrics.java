package io.flotilla.client.metrics;

/**
 * Where a client reports to; set in {@link io.flotilla.client.ClientSettings#metrics()}. What an implementation throws is
 * a bug that breaks the client: it must not fail, and must be quick.
 *
 * <p>Threading: every method of this and of what it returns may be called by any thread, several at a time.
 */
public interface ClientMetrics {
    /** Nobody listens. */
    ClientMetrics NONE = new ClientMetrics() {};

    /**
     * A producer begins.
     *
     * @param state to be asked until {@link ProducerMetrics#closed()}
     */
    default ProducerMetrics producer(ProducerState state) {
        return ProducerMetrics.NONE;
    }

    /**
     * A consumer begins.
     *
     * @param group in which it is a member; empty for one that its user assigns partitions to
     * @param state to be asked until {@link ConsumerMetrics#closed()}
     */
    default ConsumerMetrics consumer(String group, ConsumerState state) {
        return ConsumerMetrics.NONE;
    }
}

package io.flotilla.client;

/**
 * A connection to a cluster: owns one channel per broker and what is known about topics and leaders, shared by all the
 * producers, consumers and admins made from it. An application needs one.
 *
 * <p>Connecting is lazy: a cluster that does not answer shows in the first call.
 *
 * <p>Threading: every method may be called by any thread.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies follow
public final class FlotillaClient implements AutoCloseable {
    private final ClientSettings settings;

    private FlotillaClient(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * @param bootstrap brokers to ask first, for instance {@code broker-1:9094,broker-2:9094}
     * @throws IllegalArgumentException if an address is malformed
     */
    public static FlotillaClient connect(String bootstrap) {
        return connect(ClientSettings.of(bootstrap));
    }

    public static FlotillaClient connect(ClientSettings settings) {
        return new FlotillaClient(settings);
    }

    public ClientSettings settings() {
        return settings;
    }

    /** A producer with {@link ProducerSettings#DEFAULT}. The caller closes it. */
    public Producer producer() {
        return producer(ProducerSettings.DEFAULT);
    }

    /** The caller closes the producer. */
    public Producer producer(ProducerSettings producerSettings) {
        throw new UnsupportedOperationException("no producer in this build: " + producerSettings);
    }

    /** A consumer with {@link ConsumerSettings#DEFAULT}. The caller closes it. */
    public Consumer consumer() {
        return consumer(ConsumerSettings.DEFAULT);
    }

    /** The caller closes the consumer. */
    public Consumer consumer(ConsumerSettings consumerSettings) {
        throw new UnsupportedOperationException("no consumer in this build: " + consumerSettings);
    }

    /** Lives as long as this client. */
    public Admin admin() {
        throw new UnsupportedOperationException("no admin in this build");
    }

    /** Closes what was made from it (producers without waiting), then the channels. Closing twice does no harm. */
    @Override
    public void close() {}
}

package io.flotilla.broker;

import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.broker.config.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A running broker.
 *
 * <p>Threading: every method may be called by any thread.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures first: the inside follows
public final class Broker implements AutoCloseable {
    private final BrokerConfig config;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private Broker(BrokerConfig config) {
        this.config = config;
    }

    /**
     * Takes the data folder and opens the gRPC port. The broker then finds or forms its cluster by itself, however long
     * the other seeds take; see {@link #ready()}.
     *
     * @throws IOException if the data folder cannot be used or a port is taken; the message names the remedy
     */
    public static Broker start(BrokerConfig config) throws IOException {
        return new Broker(config);
    }

    /** Completes once the broker serves its clients; fails if it cannot, and the broker is then closed. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /**
     * Waits for {@link #ready()}.
     *
     * @throws IOException if the broker could not start, or not within {@code timeout}
     */
    public void awaitReady(Duration timeout) throws IOException {
        throw new IOException("not ready within " + timeout);
    }

    public int nodeId() {
        return config.nodeId();
    }

    /** Where clients reach it. */
    public HostPort grpc() {
        return config.advertised().grpc();
    }

    public BrokerConfig config() {
        return config;
    }

    /** Stops in order: tells streams to go away, hands leaderships over, closes everything. May be called twice. */
    @Override
    public void close() {
        ready.cancel(false);
    }
}

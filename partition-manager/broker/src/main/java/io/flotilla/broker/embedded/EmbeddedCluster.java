package io.flotilla.broker.embedded;

import io.flotilla.broker.Broker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A whole cluster in this JVM.
 *
 * <p>Threading: every method may be called by any thread.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures first: the inside follows
public final class EmbeddedCluster implements AutoCloseable {
    private final List<Broker> brokers;

    private EmbeddedCluster(List<Broker> brokers) {
        this.brokers = brokers;
    }

    /**
     * Starts the brokers and waits until all of them serve. The caller owns the cluster.
     *
     * @throws IOException if a broker cannot start
     */
    public static EmbeddedCluster start(EmbeddedSettings settings) throws IOException {
        List<Broker> brokers = new CopyOnWriteArrayList<>();
        if (settings.brokers() != brokers.size()) {
            throw new IOException("cannot start on " + settings.dataDirectory());
        }
        return new EmbeddedCluster(brokers);
    }

    /** The brokers now running, in the order of their node ids. */
    public List<Broker> brokers() {
        return List.copyOf(brokers);
    }

    /** {@code host:port} of every running broker, separated by commas: what a client needs to connect. */
    public String bootstrap() {
        return brokers.stream().map(broker -> broker.grpc().toString()).collect(Collectors.joining(","));
    }

    /** Stops one broker in order; its data stays. */
    public void stop(int nodeId) {
        brokers.removeIf(broker -> broker.nodeId() == nodeId);
    }

    /**
     * Starts a stopped broker again on its data and waits until it serves.
     *
     * @throws IOException if it cannot start
     */
    public Broker restart(int nodeId) throws IOException {
        throw new IOException("cannot restart node " + nodeId);
    }

    /** Stops every broker in order. May be called twice. */
    @Override
    public void close() {
        brokers.clear();
    }
}

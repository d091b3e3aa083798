package io.flotilla.broker.embedded;

import io.flotilla.broker.Broker;
import io.flotilla.broker.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A whole cluster in this JVM, on the loopback address.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final int SEEDS_MAX = 3;

    private final EmbeddedSettings settings;
    private final EmbeddedPorts ports;
    private final SortedMap<Integer, Broker> running = new ConcurrentSkipListMap<>();

    private EmbeddedCluster(EmbeddedSettings settings, EmbeddedPorts ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /**
     * Starts the brokers and waits until all of them serve. The caller owns the cluster.
     *
     * @throws IOException if a broker cannot start
     */
    public static EmbeddedCluster start(EmbeddedSettings settings) throws IOException {
        Files.createDirectories(settings.dataDirectory());
        EmbeddedCluster cluster = new EmbeddedCluster(settings, EmbeddedPorts.of(settings));
        try {
            for (int nodeId = 1; nodeId <= settings.brokers(); nodeId++) {
                cluster.running.put(nodeId, Broker.start(cluster.configOf(nodeId)));
            }
            for (Broker broker : cluster.running.values()) {
                broker.awaitReady(START_TIMEOUT);
            }
            return cluster;
        } catch (Throwable failure) { // a cluster that is not whole is none
            cluster.close();
            throw failure;
        }
    }

    private BrokerConfig configOf(int nodeId) {
        int seedCount = settings.brokers() < SEEDS_MAX ? 1 : SEEDS_MAX;
        Map<String, String> config = new HashMap<>();
        config.put("node.id", Integer.toString(nodeId));
        config.put(
                "data.dir", settings.dataDirectory().resolve("broker-" + nodeId).toString());
        config.put(
                "listeners",
                "GRPC://127.0.0.1:" + ports.grpc(nodeId) + ",INTERNAL://127.0.0.1:" + ports.internal(nodeId)
                        + ",HTTP://127.0.0.1:" + ports.http(nodeId));
        config.put(
                "cluster.seeds",
                IntStream.rangeClosed(1, seedCount)
                        .mapToObj(seed -> seed + "@127.0.0.1:" + ports.grpc(seed))
                        .collect(Collectors.joining(",")));
        config.putAll(settings.overrides());
        return BrokerConfig.of(config);
    }

    /** The brokers now running, in the order of their node ids. */
    public List<Broker> brokers() {
        return List.copyOf(running.values());
    }

    /** {@code host:port} of every running broker, separated by commas: what a client needs to connect. */
    public String bootstrap() {
        return running.values().stream().map(broker -> broker.grpc().toString()).collect(Collectors.joining(","));
    }

    /** Stops one broker in order; its data stays. */
    public void stop(int nodeId) {
        Broker broker = running.remove(nodeId);
        if (broker != null) {
            broker.close();
        }
    }

    /**
     * Starts a stopped broker again on its data and waits until it serves.
     *
     * @throws IllegalArgumentException if the cluster has no such broker
     * @throws IllegalStateException    if it is running
     * @throws IOException              if it cannot start
     */
    public Broker restart(int nodeId) throws IOException {
        if (nodeId < 1 || nodeId > settings.brokers()) {
            throw new IllegalArgumentException("node id " + nodeId + " is outside [1, " + settings.brokers() + "]");
        }
        if (running.containsKey(nodeId)) {
            throw new IllegalStateException("broker " + nodeId + " is running; stop it first");
        }
        Broker broker = Broker.start(configOf(nodeId));
        try {
            broker.awaitReady(START_TIMEOUT);
        } catch (Throwable failure) { // it must give its ports and folder free
            broker.close();
            throw failure;
        }
        running.put(nodeId, broker);
        return broker;
    }

    /** Stops every broker at the same time, so that none waits for another. May be called twice. */
    @Override
    public void close() {
        List<Thread> stops = brokers().stream()
                .map(broker -> new Thread(() -> broker.close(Duration.ZERO), "broker-" + broker.nodeId() + "-stop"))
                .toList();
        running.clear();
        stops.forEach(Thread::start);
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

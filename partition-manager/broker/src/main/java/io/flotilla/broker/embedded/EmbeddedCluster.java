package io.flotilla.broker.embedded;

import io.flotilla.broker.Broker;
import io.flotilla.broker.config.BrokerConfig;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A whole cluster in this JVM, on the loopback address, whose brokers can be made to fail: {@link #kill} one and {@link
 * #restart} it, {@link #pause} and {@link #resume} it, {@link #cut} it from others and {@link #heal} that.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final int SEEDS_MAX = 3;

    private final EmbeddedSettings settings;
    private final EmbeddedPorts ports;
    private final FaultyNetwork network;
    private final SortedMap<Integer, Broker> running = new ConcurrentSkipListMap<>();
    private final boolean temporary;

    private EmbeddedCluster(EmbeddedSettings settings, boolean temporary) throws IOException {
        this.settings = settings;
        this.temporary = temporary;
        this.ports = EmbeddedPorts.of(settings);
        this.network = new FaultyNetwork(ports::brokerAt);
    }

    /**
     * Starts the brokers and waits until all of them serve. The caller owns the cluster.
     *
     * @throws IOException if a broker cannot start
     */
    public static EmbeddedCluster start(EmbeddedSettings settings) throws IOException {
        Files.createDirectories(settings.dataDirectory());
        return start(settings, false);
    }

    /**
     * The same in a new folder among the system's temporary ones, which goes with the cluster.
     *
     * @param brokers   1 to 9
     * @param overrides settings for every broker, by the names of its configuration file
     */
    public static EmbeddedCluster startTemporary(int brokers, Map<String, String> overrides) throws IOException {
        Path folder = Files.createTempDirectory("flotilla-embedded-");
        try {
            return start(new EmbeddedSettings(brokers, folder, 0, overrides), true);
        } catch (Throwable failure) {
            TemporaryFolder.delete(folder);
            throw failure;
        }
    }

    private static EmbeddedCluster start(EmbeddedSettings settings, boolean temporary) throws IOException {
        EmbeddedCluster cluster = new EmbeddedCluster(settings, temporary);
        try {
            for (int nodeId = 1; nodeId <= settings.brokers(); nodeId++) {
                cluster.running.put(nodeId, cluster.startBroker(nodeId));
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

    private Broker startBroker(int nodeId) throws IOException {
        return Broker.start(configOf(nodeId), network.of(nodeId));
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

    /**
     * The broker that leads a partition, as the brokers' own replicas have it; of two that believe so, the one elected
     * last. Empty while there is none, and for an unknown partition.
     */
    public OptionalInt leaderOf(String topic, int partition) {
        OptionalInt leader = OptionalInt.empty();
        long newest = -1;
        for (Broker broker : running.values()) {
            long term = broker.leadershipTerm(topic, partition).orElse(-1);
            if (term > newest) {
                newest = term;
                leader = OptionalInt.of(broker.nodeId());
            }
        }
        return leader;
    }

    /** Stops one broker in order; its data stays. */
    public void stop(int nodeId) {
        Broker broker = running.remove(requireNode(nodeId));
        if (broker != null) {
            broker.close();
        }
    }

    /**
     * Ends one broker as the end of its process would: connections break, nothing is handed over, no last checkpoint is
     * written. What it had acknowledged is in its files. Its data stays, for {@link #restart}.
     */
    public void kill(int nodeId) {
        Broker broker = running.remove(requireNode(nodeId));
        if (broker != null) {
            network.change(faults -> faults.withDead(nodeId, true));
            broker.kill();
        }
    }

    /**
     * Starts a stopped or killed broker again, on its data and its ports, and waits until it serves.
     *
     * @throws IllegalArgumentException if the cluster has no such broker
     * @throws IllegalStateException    if it is running
     * @throws IOException              if it cannot start
     */
    public Broker restart(int nodeId) throws IOException {
        if (running.containsKey(requireNode(nodeId))) {
            throw new IllegalStateException("broker " + nodeId + " is running; stop it first");
        }
        network.change(faults -> faults.withDead(nodeId, false));
        Broker broker = startBroker(nodeId);
        try {
            broker.awaitReady(START_TIMEOUT);
        } catch (Throwable failure) { // it must give its ports and folder free
            broker.close();
            throw failure;
        }
        running.put(nodeId, broker);
        return broker;
    }

    /**
     * Lets one broker fall silent, as a stopped process or a long garbage collection would: it hears nothing and nobody
     * hears of it, brokers and clients alike, while its connections stay up and new ones are accepted. That is how it looks
     * from outside; inside, its threads and its HTTP port go on.
     */
    public void pause(int nodeId) {
        requireBreakable();
        int node = requireNode(nodeId);
        network.change(faults -> faults.withPaused(node, true));
    }

    /** Ends {@link #pause}: what waited goes out and comes in. One that is not paused is left as it is. */
    public void resume(int nodeId) {
        int node = requireNode(nodeId);
        network.change(faults -> faults.withPaused(node, false));
    }

    /** Cuts the network between two brokers; clients still reach both. */
    public void cut(int nodeId, int otherId) {
        requireBreakable();
        requireTwo(nodeId, otherId);
        network.change(faults -> faults.withCut(nodeId, otherId, true));
    }

    /** Cuts the network between one broker and all others; clients still reach it. */
    public void cut(int nodeId) {
        requireBreakable();
        changeCuts(nodeId, true);
    }

    /** Ends {@link #cut(int, int)} of the two. */
    public void heal(int nodeId, int otherId) {
        requireTwo(nodeId, otherId);
        network.change(faults -> faults.withCut(nodeId, otherId, false));
    }

    /** Ends every cut between one broker and another. */
    public void heal(int nodeId) {
        changeCuts(nodeId, false);
    }

    private void changeCuts(int nodeId, boolean cut) {
        requireNode(nodeId);
        network.change(faults -> {
            NetworkFaults changed = faults;
            for (int other = 1; other <= settings.brokers(); other++) {
                changed = other == nodeId ? changed : changed.withCut(nodeId, other, cut);
            }
            return changed;
        });
    }

    private int requireNode(int nodeId) {
        if (nodeId < 1 || nodeId > settings.brokers()) {
            throw new IllegalArgumentException("node id " + nodeId + " is outside [1, " + settings.brokers() + "]");
        }
        return nodeId;
    }

    private void requireTwo(int nodeId, int otherId) {
        if (requireNode(nodeId) == requireNode(otherId)) {
            throw new IllegalArgumentException("there is no network between broker " + nodeId + " and itself");
        }
    }

    /** What the consensus library's own transport sends goes over connections that nothing here knows. */
    private void requireBreakable() {
        if (configOf(1).raftTransport() != RaftSettings.Transport.Kind.NETTY) {
            throw new IllegalStateException("with raft.transport=grpc the connections between brokers cannot be cut or"
                    + " paused; leave that setting at netty, its default");
        }
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
        network.close();
        if (temporary) {
            TemporaryFolder.delete(settings.dataDirectory());
        }
    }
}

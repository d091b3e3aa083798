package io.flotilla.raftlog.raft.ratis.conformance;

import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import io.flotilla.raftlog.raft.ratis.simulation.Disk;
import io.flotilla.raftlog.raft.ratis.simulation.Journal;
import io.flotilla.raftlog.raft.ratis.simulation.SafetyCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Three hosts with one group over a {@link Network}. Nodes are counted from 1; leaders of a term are checked as they are
 * seen: a second one fails the test when the cluster closes.
 */
final class TestCluster implements AutoCloseable {
    static final int NODES = 3;

    /** Longest wait for anything that has to happen. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    static final Duration TIMEOUT_MIN = Duration.ofMillis(200);
    static final Duration TIMEOUT_MAX = Duration.ofMillis(400);

    private final GroupId group = new GroupId(UUID.randomUUID());
    private final Path directory;
    private final Network network;
    private final UnaryOperator<RaftSettings> adjust;
    private final Map<Integer, RatisHost> hosts = new ConcurrentHashMap<>();
    private final Map<Integer, Disk> disks = new ConcurrentHashMap<>();
    private final Map<Integer, Journal> journals = new ConcurrentHashMap<>();
    private final SafetyCheck safety = new SafetyCheck();

    private TestCluster(Path directory, Network network, UnaryOperator<RaftSettings> adjust) {
        this.directory = directory;
        this.network = network;
        this.adjust = adjust;
    }

    static TestCluster start(Transport transport, Path directory) throws IOException {
        return start(transport, directory, UnaryOperator.identity());
    }

    static TestCluster start(Transport transport, Path directory, UnaryOperator<RaftSettings> adjust)
            throws IOException {
        TestCluster cluster = new TestCluster(directory, transport.network(), adjust);
        try {
            for (int node = 1; node <= NODES; node++) {
                cluster.start(node);
            }
            for (int node = 1; node <= NODES; node++) {
                cluster.host(node).create(cluster.group, cluster.peers());
            }
            return cluster;
        } catch (Throwable failure) {
            cluster.close();
            throw failure;
        }
    }

    void start(int node) throws IOException {
        RaftSettings settings = adjust.apply(RaftSettings.in(directory.resolve("raft-" + node))
                .withElections(new RaftSettings.Elections(TIMEOUT_MIN, TIMEOUT_MAX, TIMEOUT_MIN, TIMEOUT_MAX)));
        hosts.put(node, network.start(node, settings, id -> Optional.of(journalOf(node))));
    }

    private ReplicatedState journalOf(int node) {
        Disk disk = disks.computeIfAbsent(node, unused -> new Disk());
        Journal journal = new Journal(disk, journals::values, safety.witnessOf(node));
        journals.put(node, journal);
        return journal;
    }

    void stop(int... nodes) {
        sideBySide(nodes, node -> host(node).close());
    }

    void start(int... nodes) {
        sideBySide(nodes, node -> start(node));
    }

    private interface Action {
        void of(int node) throws IOException;
    }

    /** Since each host waits up to a second for Ratis's log. */
    private static void sideBySide(int[] nodes, Action action) {
        List<CompletableFuture<Void>> running = IntStream.of(nodes)
                .mapToObj(node -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                action.of(node);
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        task -> new Thread(task, "node-" + node).start()))
                .toList();
        running.forEach(CompletableFuture::join);
    }

    RatisHost host(int node) {
        return Objects.requireNonNull(hosts.get(node));
    }

    /** Removes a node's member and its files. */
    void removeMember(int node) throws IOException {
        host(node).remove(group);
        disks.put(node, new Disk());
    }

    /** Opens a node's member anew, with no memory of peers. */
    void rejoin(int node) throws IOException {
        ReplicatedGroup unused = host(node).rejoin(group);
    }

    void rejoined(int node) throws IOException {
        host(node).rejoined(group);
    }

    /** Index of the first entry in a node's log. */
    long logStart(int node) throws IOException {
        return host(node).logStart(group);
    }

    Journal journal(int node) {
        return Objects.requireNonNull(journals.get(node));
    }

    List<Peer> peers() {
        return IntStream.rangeClosed(1, NODES).mapToObj(network::peer).toList();
    }

    Peer peer(int node) {
        return network.peer(node);
    }

    ReplicatedGroup member(int node) {
        return host(node).group(group).orElseThrow();
    }

    /** Cuts a node off from all others, in both directions. */
    void isolate(int node) {
        others(node).forEach(other -> {
            network.cut(node, other);
            network.cut(other, node);
        });
    }

    /** Cuts the link between two nodes, in both directions. */
    void cutLink(int one, int other) {
        network.cut(one, other);
        network.cut(other, one);
    }

    void healLink(int one, int other) {
        network.heal(one, other);
        network.heal(other, one);
    }

    /** Nothing that a node sends reaches another. */
    void mute(int node) {
        others(node).forEach(other -> network.cut(node, other));
    }

    void heal(int node) {
        others(node).forEach(other -> {
            network.heal(node, other);
            network.heal(other, node);
        });
    }

    /** Breaks all connections. */
    void resetAll() {
        for (int one = 1; one < NODES; one++) {
            for (int other = one + 1; other <= NODES; other++) {
                network.reset(one, other);
            }
        }
    }

    static List<Integer> others(int node) {
        return IntStream.rangeClosed(1, NODES)
                .filter(other -> other != node)
                .boxed()
                .toList();
    }

    int awaitLeader() {
        return awaitLeaderAmong(hosts.keySet());
    }

    /** Waits until one of the nodes is ready to lead. */
    int awaitLeaderAmong(Collection<Integer> nodes) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> nodes.stream().filter(this::isReady).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** A node that is ready to lead, if there is one at this moment. */
    Optional<Integer> leaderNow() {
        return hosts.keySet().stream().filter(this::isReady).findFirst();
    }

    private boolean isReady(int node) {
        return host(node)
                .group(group)
                .map(ReplicatedGroup::leadership)
                .filter(Leadership::ready)
                .isPresent();
    }

    CompletableFuture<ByteBuffer> propose(int node, String text) {
        return member(node).propose(bytes(text));
    }

    /** Proposes to a node and waits for the acknowledgement. */
    void append(int node, String text) {
        Object unused = propose(node, text)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /**
     * Has an entry acknowledged by whoever leads among the nodes, in as many attempts as that takes.
     *
     * @return the entry, which names the attempt: those before may have been replicated too
     */
    String appendAmong(Collection<Integer> nodes, String text) {
        AtomicInteger attempts = new AtomicInteger();
        return await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            String entry = text + "/" + attempts.incrementAndGet();
                            return propose(awaitLeaderAmong(nodes), entry)
                                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .handle((answer, failure) ->
                                            failure == null ? Optional.of(entry) : Optional.<String>empty())
                                    .join();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Waits until members of nodes have applied exactly these entries. */
    void awaitEntries(Collection<Integer> nodes, List<String> expected) {
        for (int node : nodes) {
            await("entries of node " + node)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> journal(node).texts(), expected::equals);
        }
    }

    void awaitEntriesEverywhere(List<String> expected) {
        awaitEntries(Set.of(1, 2, 3), expected);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        for (int node = 1; node <= NODES; node++) {
            heal(node);
        }
        stop(hosts.keySet().stream().mapToInt(Integer::intValue).toArray());
        network.close();
        safety.check();
    }
}

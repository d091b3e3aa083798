package io.flotilla.metadata;

import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Three voters of a metadata group on the loopback address, with real consensus and real files. */
final class MetadataCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final GroupId GROUP = MetadataReplica.groupIdOf(Fixtures.CLUSTER);
    private static final int VOTERS = 3;

    /** So small that some hundred commands fill several files. */
    private static final int RAFT_FILE_BYTES = 64 << 10;

    private final Path directory;
    private final Map<Integer, Voter> voters = new ConcurrentSkipListMap<>();
    private final Map<Integer, Integer> ports = new TreeMap<>();

    private MetadataCluster(Path directory) {
        this.directory = directory;
    }

    /** Forms a new cluster. */
    static MetadataCluster form(Path directory) throws IOException {
        MetadataCluster cluster = new MetadataCluster(directory);
        for (int node = 1; node <= VOTERS; node++) {
            cluster.open(node);
        }
        List<Peer> peers =
                cluster.voters.values().stream().map(voter -> voter.host.peer()).toList();
        for (Voter voter : cluster.voters.values()) {
            voter.replica.attach(voter.host.create(GROUP, peers));
        }
        return cluster;
    }

    private Voter open(int node) throws IOException {
        Path folder = directory.resolve("broker-" + node);
        MetadataReplica replica = MetadataReplica.open(
                folder.resolve("metadata"), Fixtures.CLUSTER, minIndex -> snapshotOfAnother(node, minIndex));
        RaftSettings settings = RaftSettings.in(folder.resolve("raft"))
                .withAddress("127.0.0.1", "127.0.0.1", ports.getOrDefault(node, 0))
                .withElectionTimeout(Duration.ofMillis(400), Duration.ofMillis(800))
                .withLog(new RaftSettings.Log((1 << 20) + (64 << 10), RAFT_FILE_BYTES, RAFT_FILE_BYTES));
        RatisHost host = RatisHost.open(
                settings,
                PeerId.of(node, "dir_" + node),
                id -> id.equals(GROUP) ? Optional.of(replica.state()) : Optional.empty());
        Voter voter = new Voter(replica, host);
        voters.put(node, voter);
        host.start();
        ports.put(node, host.peer().port());
        return voter;
    }

    private ByteBuffer snapshotOfAnother(int node, long minIndex) throws IOException {
        IOException nobody = new IOException("no other voter runs");
        for (Map.Entry<Integer, Voter> voter : List.copyOf(voters.entrySet())) {
            try {
                if (voter.getKey() != node) {
                    return voter.getValue().replica.snapshot(minIndex);
                }
            } catch (Refused behind) {
                nobody.addSuppressed(behind);
            }
        }
        throw nobody;
    }

    /** Index of the first entry that is still in a voter's Raft log. */
    long raftLogStart(int node) throws IOException {
        Path log = directory
                .resolve("broker-" + node)
                .resolve("raft")
                .resolve(GROUP.toString())
                .resolve("current");
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("log_(inprogress_)?(\\d+)(-\\d+)?", "$2")))
                    .min()
                    .orElse(0);
        }
    }

    /** Starts a stopped voter from its files, on its former port. */
    void start(int node) throws IOException {
        Voter voter = open(node);
        voter.replica.attach(voter.host.group(GROUP).orElseThrow());
    }

    void stop(int node) throws IOException {
        Voter voter = voters.remove(node);
        if (voter != null) {
            voter.close();
        }
    }

    MetadataReplica replica(int node) {
        Voter voter = voters.get(node);
        if (voter == null) {
            throw new IllegalStateException("voter " + node + " is stopped");
        }
        return voter.replica;
    }

    private static ConditionFactory waiting() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** The voter that leads and is ready, waiting for one. */
    int leader() {
        AtomicReference<@Nullable Integer> leader = new AtomicReference<>();
        waiting().until(() -> voters.entrySet().stream()
                .filter(entry -> entry.getValue().replica.leadership().ready())
                .findFirst()
                .map(entry -> {
                    leader.set(entry.getKey());
                    return true;
                })
                .orElse(false));
        Integer found = leader.get();
        if (found == null) {
            throw new IllegalStateException("no voter leads");
        }
        return found;
    }

    /** Proposes at whoever leads, again until an outcome is known: the tests' commands may be applied twice. */
    Outcome propose(MetadataCommand command) {
        AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
        waiting().until(() -> {
            try {
                outcome.set(replica(leader()).propose(command).join());
                return true;
            } catch (CompletionException retriable) {
                return false;
            }
        });
        Outcome known = outcome.get();
        if (known == null) {
            throw new IllegalStateException("no outcome");
        }
        return known;
    }

    void awaitImageEverywhere(MetadataImage image) {
        for (Voter voter : voters.values()) {
            waiting().until(() -> voter.replica.image().equals(image));
        }
    }

    /** Has every voter checkpoint until its log up to a position can be forgotten. */
    void checkpointUpTo(long index) {
        for (Voter voter : voters.values()) {
            waiting().until(() -> {
                LogPosition durable =
                        voter.host.group(GROUP).orElseThrow().checkpoint().join();
                return durable.index() >= index;
            });
        }
    }

    /** Stops all voters at the same time, since each waits up to a second for Ratis's log. */
    void stopAll() {
        List<CompletableFuture<Void>> stops = List.copyOf(voters.keySet()).stream()
                .map(node -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                stop(node);
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        task -> new Thread(task, "stop-" + node).start()))
                .toList();
        CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new)).join();
    }

    @Override
    public void close() {
        stopAll();
    }

    private record Voter(MetadataReplica replica, RatisHost host) {
        void close() throws IOException {
            host.close();
            replica.close();
        }
    }
}

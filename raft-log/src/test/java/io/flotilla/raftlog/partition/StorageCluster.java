package io.flotilla.raftlog.partition;

import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Three brokers' storage on real consensus with one partition, whose Raft logs are purged early and whose replicas read
 * each other's files without a network.
 */
final class StorageCluster implements AutoCloseable {
    static final PartitionId ID = new PartitionId(new UUID(1, 2), 0);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);
    private static final int RAFT_FILE_BYTES = 64 << 10;
    private static final long KEPT_FOR_PEERS_BYTES = 64 << 10;
    private static final int CHUNK_BYTES = 4 << 10;

    private final Path root;
    private final Map<Integer, Broker> brokers = new ConcurrentSkipListMap<>();
    private final Map<Integer, Integer> ports = new ConcurrentHashMap<>();
    private volatile ReadHook beforeRead = (node, read) -> {};
    private volatile ReadHook beforeAsk = (node, read) -> {};

    /** Runs on the fetching thread before each read of another broker's files; throws to make the read fail. */
    interface ReadHook {
        void before(int sourceNode, int read) throws IOException;
    }

    record Broker(PartitionHost storage, RatisHost raft) implements Closeable {
        Partition partition() {
            return storage.find(ID).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            raft.close();
            storage.close();
        }
    }

    StorageCluster(Path root) throws IOException {
        this.root = root;
        for (int node = 1; node <= 3; node++) {
            start(node);
        }
        List<Peer> peers =
                brokers.values().stream().map(broker -> broker.raft().peer()).toList();
        for (Broker broker : brokers.values()) {
            broker.storage().create(ID, SETTINGS, peers);
        }
    }

    void start(int node) throws IOException {
        Path data = data(node);
        PartitionHost storage = PartitionHost.open(
                data,
                StorageSettings.DEFAULT,
                new Neighbours(node),
                CatchUpSettings.DEFAULT.withChunkBytes(CHUNK_BYTES));
        RaftSettings settings = RaftSettings.in(data.resolve("raft"))
                .withElectionTimeout(Duration.ofMillis(400), Duration.ofMillis(800))
                .withCheckpoints(Duration.ofMillis(300), 64 << 10)
                .withLog(new RaftSettings.Log((1 << 20) + (64 << 10), RAFT_FILE_BYTES, KEPT_FOR_PEERS_BYTES))
                .withAddress("127.0.0.1", "127.0.0.1", ports.getOrDefault(node, 0));
        RatisHost raft = RatisHost.open(settings, PeerId.of(node, "d" + node), storage::stateOf);
        raft.start();
        storage.attach(raft, new LeaderAsked(raft.peer()));
        ports.put(node, raft.peer().port());
        brokers.put(node, new Broker(storage, raft));
    }

    void stop(int node) throws IOException {
        Optional.ofNullable(brokers.remove(node)).orElseThrow().close();
    }

    boolean isRunning(int node) {
        return brokers.containsKey(node);
    }

    Broker broker(int node) {
        return Optional.ofNullable(brokers.get(node)).orElseThrow();
    }

    void beforeRead(ReadHook hook) {
        beforeRead = hook;
    }

    void beforeAsk(ReadHook hook) {
        beforeAsk = hook;
    }

    Path data(int node) {
        return root.resolve("broker-" + node);
    }

    Path replica(int node) {
        return data(node).resolve("partitions").resolve(ID.toString());
    }

    Path raftFolder(int node) {
        return data(node).resolve("raft").resolve(ID.groupId().toString());
    }

    Path raftLog(int node) {
        return raftFolder(node).resolve("current");
    }

    static ConditionFactory waiting() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    int leader() {
        return waiting().until(this::readyLeader, Optional::isPresent).orElseThrow();
    }

    private Optional<Integer> readyLeader() {
        return brokers.entrySet().stream()
                .filter(broker -> broker.getValue()
                        .storage()
                        .find(ID)
                        .filter(replica -> replica.leadership().ready())
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    int follower() {
        int leader = leader();
        return brokers.keySet().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    /** Appends records of about 2 KB through whoever leads, sending again what failed in a way that allows it. */
    void append(int fromSequence, int count) {
        for (int sequence = fromSequence; sequence < fromSequence + count; sequence++) {
            int next = sequence;
            String value = ("value " + next + " ").repeat(200);
            waiting()
                    .ignoreExceptionsMatching(StorageCluster::retriable)
                    .until(
                            () -> broker(leader())
                                    .partition()
                                    .append(TestBatches.numbered(77, (short) 0, next, 1_000 + next, value))
                                    .join(),
                            result -> result != null);
        }
    }

    private static boolean retriable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LogException known && known.code().retriable();
    }

    /** Index of the first entry that is still in a node's Raft log. */
    long raftLogStart(int node) throws IOException {
        try (Stream<Path> files = Files.list(raftLog(node))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("log_(inprogress_)?(\\d+)(-\\d+)?", "$2")))
                    .min()
                    .orElse(0);
        }
    }

    long raftLogBytes(int node) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(raftLog(node))) {
            for (Path file : files.toList()) {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    /** Waits until no running node has the entries behind an index in its Raft log. */
    void awaitPurgedBeyond(long index) {
        waiting().until(() -> {
            for (int node : brokers.keySet()) {
                if (raftLogStart(node) <= index) {
                    return false;
                }
            }
            return true;
        });
    }

    void awaitEqual(long highWatermark) {
        waiting().until(() -> brokers.values().stream().allMatch(broker -> broker.storage()
                .find(ID)
                .filter(replica -> replica.failure().isEmpty() && replica.highWatermark() == highWatermark)
                .isPresent()));
    }

    /** Without those that are deleted meanwhile, as retention does. */
    Map<String, byte[]> segmentsOf(int node) throws IOException {
        Map<String, byte[]> segments = new TreeMap<>();
        try (Stream<Path> files = Files.list(replica(node))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                try {
                    segments.put(file.getFileName().toString(), Files.readAllBytes(file));
                } catch (NoSuchFileException deleted) {
                    segments.remove(file.getFileName().toString());
                }
            }
        }
        return segments;
    }

    long segmentBytes(int node) throws IOException {
        return segmentsOf(node).values().stream()
                .mapToLong(bytes -> bytes.length)
                .sum();
    }

    /** Scrubs on some nodes until closed. */
    AutoCloseable startScrubbing(ScrubSettings settings, IntPredicate onNodes) {
        List<AutoCloseable> scrubbers = new ArrayList<>();
        for (Map.Entry<Integer, Broker> broker : brokers.entrySet()) {
            if (onNodes.test(broker.getKey())) {
                scrubbers.add(broker.getValue().storage().startScrubbing(settings));
            }
        }
        return () -> {
            for (AutoCloseable scrubber : scrubbers) {
                scrubber.close();
            }
        };
    }

    /** Has a node do what a broker does every second. */
    void awaitRepaired(int node) {
        waiting().until(() -> {
            broker(node).storage().repair(ID);
            int leader = leader();
            return leader != node
                    && broker(node).partition().failure().isEmpty()
                    && voters(leader).contains(broker(node).raft().self())
                    && broker(node).partition().leadership().role() == Leadership.Role.FOLLOWER
                    && broker(node).partition().highWatermark()
                            == broker(leader).partition().highWatermark();
        });
    }

    private List<PeerId> voters(int node) {
        return broker(node).raft().group(ID.groupId()).orElseThrow().peers().stream()
                .map(Peer::id)
                .toList();
    }

    /** Has the leader, wherever it is, change a peer. */
    private final class LeaderAsked implements PeerChanges {
        private final Peer self;

        LeaderAsked(Peer self) {
            this.self = self;
        }

        @Override
        public void remove(GroupId group) throws IOException {
            change(group, false);
        }

        @Override
        public void add(GroupId group) throws IOException {
            change(group, true);
        }

        private void change(GroupId group, boolean voter) throws IOException {
            int leader = readyLeader().orElseThrow(() -> new IOException("nobody leads"));
            ReplicatedGroup member = broker(leader).raft().group(group).orElseThrow();
            List<Peer> before = member.peers();
            List<Peer> after = new ArrayList<>(before);
            after.removeIf(peer -> peer.id().equals(self.id()));
            if (voter) {
                after.add(self);
            }
            try {
                member.changePeers(before, after).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException refused) {
                throw new IOException(refused);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    /** The other nodes' exports, asked leader first. */
    private final class Neighbours implements ReplicaSource {
        private final int self;
        private int reads;

        Neighbours(int self) {
            this.self = self;
        }

        @Override
        public Offer ask(GroupId group, long minIndex) throws IOException {
            List<Map.Entry<Integer, Broker>> others = new ArrayList<>(brokers.entrySet());
            others.removeIf(broker -> broker.getKey() == self);
            others.sort(Comparator.comparing(
                    broker -> broker.getValue().partition().leadership().role() != Leadership.Role.LEADER));
            beforeAsk.before(self, 0);
            IOException refused = new IOException("nobody is there");
            for (Map.Entry<Integer, Broker> other : others) {
                try {
                    ReplicaManifest manifest =
                            other.getValue().storage().exports().manifest(group, minIndex);
                    return offer(other.getKey(), group, ReplicaManifest.decode(manifest.encode()));
                } catch (IOException refusal) {
                    refused = refusal;
                }
            }
            throw refused;
        }

        @Override
        public Map<String, List<SegmentSummary>> digests(GroupId group) {
            Map<String, List<SegmentSummary>> known = new TreeMap<>();
            for (Map.Entry<Integer, Broker> other : brokers.entrySet()) {
                try {
                    if (other.getKey() != self) {
                        known.put(
                                "broker " + other.getKey(),
                                other.getValue().storage().exports().digests(group));
                    }
                } catch (Gone failed) {
                    known.remove("broker " + other.getKey());
                }
            }
            return known;
        }

        private Offer offer(int node, GroupId group, ReplicaManifest manifest) {
            return new Offer() {
                @Override
                public ReplicaManifest manifest() {
                    return manifest;
                }

                @Override
                public ByteBuffer read(long baseOffset, int position, int length) throws IOException {
                    beforeRead.before(node, reads++);
                    Broker source = brokers.get(node);
                    if (source == null) {
                        throw new IOException("broker " + node + " is down");
                    }
                    return source.storage().exports().read(group, baseOffset, position, length);
                }

                @Override
                public String origin() {
                    return "broker " + node;
                }
            };
        }
    }

    @Override
    public void close() throws IOException {
        SideBySide.close(brokers.values());
    }
}

package io.flotilla.chaos.sim;

import io.flotilla.cluster.DirectoryTree;
import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.StorageSettings;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker has of the partition: storage and Raft member over a folder, and over the network of a {@link
 * SimCluster}. It can end as a killed process does, and start again.
 *
 * <p>Threading: the schedule's thread starts and ends it; all others may use it meanwhile.
 */
final class SimNode {
    static final PartitionId ID = new PartitionId(new UUID(0x51, 0xA), 0);

    private static final Logger LOG = LoggerFactory.getLogger(SimNode.class);

    private static final int KIB = 1024;
    private static final int ENTRY_BYTES_MAX = 64 * KIB;

    /** Small files everywhere, so that they roll and are purged within seconds. */
    private static final PartitionSettings SIZES = new PartitionSettings(64 * KIB, 32 * KIB);

    private static final RaftSettings.Log RAFT_LOG = new RaftSettings.Log(ENTRY_BYTES_MAX, 64 * KIB, 0);

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(100);
    private static final Duration TIMEOUT_MAX = Duration.ofMillis(200);
    private static final Duration FIRST_TIMEOUT_MIN = Duration.ofMillis(50);
    private static final Duration FIRST_TIMEOUT_MAX = Duration.ofMillis(150);

    private static final RaftSettings.Proposals PROPOSALS =
            new RaftSettings.Proposals(256, KIB * KIB, Duration.ofSeconds(2));
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
    private static final long CHECKPOINT_BYTES = 64 * KIB;
    private static final int INDEX_BYTES = KIB * KIB;

    private static final StorageSettings STORAGE = StorageSettings.DEFAULT
            .withCheckpointEvery(CHECKPOINT_BYTES, CHECKPOINT_INTERVAL)
            .withIndexMemory(INDEX_BYTES, INDEX_BYTES);

    private static final int CATCH_UP_CHUNK_BYTES = 4 * KIB;

    /** Of what the network loses nobody hears: requests are given up soon. Names are those of the library. */
    private static final Map<String, String> LIBRARY = Map.of(
            "raft.server.rpc.request.timeout", TIMEOUT_MAX.toMillis() + "ms",
            "raft.server.staging.timeout", TIMEOUT_MAX.toMillis() * 5 + "ms");

    private final int number;
    private final Path directory;
    private final SimCluster cluster;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private volatile @Nullable Running running;
    private final AtomicInteger disk = new AtomicInteger();

    private record Running(PartitionHost storage, RatisHost raft) {}

    SimNode(int number, Path directory, SimCluster cluster) {
        this.number = number;
        this.directory = directory;
        this.cluster = cluster;
    }

    int number() {
        return number;
    }

    /** Another one after each {@link #wipe}: it must not be taken for the voter that it was. */
    PeerId peerId() {
        return PeerId.of(number, "d" + disk.get());
    }

    Peer peer() {
        return new Peer(peerId(), "127.0.0.1", number);
    }

    boolean isRunning() {
        return running != null;
    }

    /** Starts it on what its folder holds. */
    void start() throws IOException {
        Path data = data();
        PartitionHost storage = PartitionHost.open(
                data,
                STORAGE,
                new SimCatchUp(number, cluster),
                CatchUpSettings.DEFAULT.withChunkBytes(CATCH_UP_CHUNK_BYTES));
        RaftSettings settings = RaftSettings.in(data.resolve("raft"))
                .withElections(
                        new RaftSettings.Elections(TIMEOUT_MIN, TIMEOUT_MAX, FIRST_TIMEOUT_MIN, FIRST_TIMEOUT_MAX))
                .withLog(RAFT_LOG)
                .withProposals(PROPOSALS)
                .withCheckpoints(CHECKPOINT_INTERVAL, CHECKPOINT_BYTES)
                .withLibraryProperties(LIBRARY);
        RatisHost raft = cluster.router().open(settings, peerId(), group -> storage.stateOf(group)
                .map(state -> cluster.hooks().state(number, state)));
        raft.start();
        storage.attach(raft, new SimPeerChanges(this, cluster));
        running = new Running(storage, raft);
    }

    /** Makes the replica of a new partition. */
    void create(List<Peer> founders) throws IOException {
        required().storage().create(ID, SIZES, founders);
    }

    /** Makes a replica that joins the partition. */
    void join() throws IOException {
        required().storage().join(ID, 0, SIZES);
    }

    private Running required() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("node " + number + " does not run");
        }
        return now;
    }

    /**
     * Ends it.
     *
     * @param killed whether what a process keeps in memory is lost: it takes no last checkpoint. What it has handed to the
     *               system stays, as after a killed process
     */
    void end(boolean killed) {
        Running now = running;
        running = null;
        if (now == null) {
            return;
        }
        life.writeLock().lock(); // what reads the index must have ended before it is closed
        try (PartitionHost storage = now.storage()) {
            if (killed) {
                storage.abandon();
            }
            now.raft().close();
        } catch (IOException | RuntimeException failure) {
            LOG.info("node {} did not end well: {}", number, failure.toString());
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Deletes what an ended node has stored; it will be another peer. */
    void wipe() throws IOException {
        DirectoryTree.delete(data());
        disk.incrementAndGet();
    }

    /** What a broker does every second. */
    void repair() {
        Running now = running;
        if (now != null) {
            now.storage().repair(ID);
        }
    }

    /** Looks at the replica, while it surely is open; empty if the node does not run. */
    <T> Optional<T> look(Function<Partition, T> look) {
        life.readLock().lock();
        try {
            return replica().map(look);
        } finally {
            life.readLock().unlock();
        }
    }

    /** The replica, for what does not touch its files; it may end at any time. */
    Optional<Partition> replica() {
        Running now = running;
        return now == null
                ? Optional.empty()
                : now.storage().find(ID).map(found -> cluster.hooks().partition(number, found));
    }

    Optional<PartitionHost> storage() {
        return Optional.ofNullable(running).map(Running::storage);
    }

    Optional<RatisHost> raft() {
        return Optional.ofNullable(running).map(Running::raft);
    }

    /** Has a checkpoint taken and the log purged up to there. */
    void checkpoint() {
        raft().flatMap(host -> host.group(ID.groupId()))
                .ifPresent(member -> member.checkpoint().exceptionally(stopped -> null));
    }

    private Path data() {
        return directory.resolve("node-" + number);
    }

    /** Where an ended node's replica has its segments. */
    Path segments() {
        return data().resolve("partitions").resolve(ID.toString());
    }
}

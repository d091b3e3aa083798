package io.flotilla.raftlog.partition;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.index.IndexStore;
import io.flotilla.raftlog.index.RocksIndexStore;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's replicas of partitions: their folders below {@code <data>/partitions}, the index they share in
 * {@code <data>/index}, and the binding of each to its Raft group.
 *
 * <p>Life: {@link #open}; open a Raft host whose factory asks {@link #stateOf}; start it; {@link #attach} it. Close the
 * Raft host first.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class PartitionHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionHost.class);

    private final ReplicaFolders folders;
    private final StorageSettings settings;
    private final Clock clock;
    private final IndexStore index;
    private final BackgroundFlusher flusher;
    private final Map<GroupId, PartitionReplica> replicas = new ConcurrentHashMap<>();
    private final Object lifecycle = new Object();

    @GuardedBy("lifecycle")
    private @Nullable RaftHost raft;

    private PartitionHost(ReplicaFolders folders, StorageSettings settings, Clock clock, IndexStore index) {
        this.folders = folders;
        this.settings = settings;
        this.clock = clock;
        this.index = index;
        this.flusher = new BackgroundFlusher(settings.flushThreads(), settings.flushInterval());
    }

    /**
     * Finds the replicas in the folder. A replica whose files cannot be trusted is listed as failed; it does not hinder
     * the others.
     *
     * @throws IOException if the folder or the index cannot be used at all
     */
    public static PartitionHost open(Path dataDirectory, StorageSettings settings) throws IOException {
        return open(dataDirectory, settings, Clock.systemUTC());
    }

    static PartitionHost open(Path dataDirectory, StorageSettings settings, Clock clock) throws IOException {
        ReplicaFolders folders = ReplicaFolders.open(dataDirectory.resolve("partitions"));
        IndexStore index = RocksIndexStore.open(
                dataDirectory.resolve("index"),
                settings.indexCacheBytes(),
                settings.indexWriteBufferBytes(),
                settings.indexOpenFilesMax());
        try {
            PartitionHost host = new PartitionHost(folders, settings, clock, index);
            host.recover();
            return host;
        } catch (Throwable failure) {
            index.close();
            throw failure;
        }
    }

    private void recover() throws IOException {
        for (PartitionId id : folders.replicas()) {
            try {
                addReplica(id, CheckpointFile.read(folders.of(id)).settings());
            } catch (IOException untrusted) {
                addReplica(id, PartitionSettings.DEFAULT).failed(untrusted);
            }
        }
        Set<GroupId> forgotten = new HashSet<>(index.logs());
        forgotten.removeAll(replicas.keySet());
        for (GroupId group : forgotten) {
            index.of(group).clear();
        }
    }

    private PartitionReplica addReplica(PartitionId id, PartitionSettings partitionSettings) {
        PartitionReplica replica = new PartitionReplica(id, partitionSettings, settings, clock);
        replicas.put(id.groupId(), replica);
        return replica;
    }

    /** The state of a partition's group, for the Raft host's factory; empty if no replica here belongs to the group. */
    public Optional<ReplicatedState> stateOf(GroupId id) {
        return Optional.ofNullable(replicas.get(id))
                .map(replica -> new PartitionState(
                        replica.id(), folders.of(replica.id()), index.of(id), settings, flusher, replica));
    }

    /** Gives the recovered replicas their groups. The host must have been started. */
    public void attach(RaftHost host) {
        synchronized (lifecycle) {
            raft = host;
            for (PartitionReplica replica : replicas.values()) {
                Optional<ReplicatedGroup> group = host.group(replica.id().groupId());
                if (group.isPresent()) {
                    replica.attach(group.get());
                } else if (!replica.hasFailed()) {
                    failUnlessNew(replica);
                }
            }
        }
    }

    /** A replica without a group may be one whose creation a crash cut short; {@link #create} goes on with that one. */
    private void failUnlessNew(PartitionReplica replica) {
        try {
            Checkpoint checkpoint = CheckpointFile.read(folders.of(replica.id()));
            if (!checkpoint.position().isNone()) {
                throw new IOException("replica of partition " + replica.id() + " holds entries up to index "
                        + checkpoint.position().index() + " but its Raft log is gone; delete the replica");
            }
        } catch (IOException untrusted) {
            replica.failed(untrusted);
        }
    }

    /**
     * Makes this broker's replica and joins its group; a replica that is here already is returned as it is.
     *
     * @param peers the group's first members, the same at each; empty to join a group that exists already
     * @throws IOException if the folder cannot be written or the group cannot be joined; the call may be repeated
     */
    public Partition create(PartitionId id, PartitionSettings partitionSettings, List<Peer> peers) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id.groupId());
            if (replica == null) {
                index.of(id.groupId()).clear();
                folders.create(id, partitionSettings);
                replica = addReplica(id, partitionSettings);
                log.info("created replica partition={}", id);
            }
            if (!replica.hasFailed() && !replica.isAttached()) {
                replica.attach(host.create(id.groupId(), peers));
            }
            return replica;
        }
    }

    @GuardedBy("lifecycle")
    private RaftHost attachedHost() {
        RaftHost host = raft;
        if (host == null) {
            throw new IllegalStateException("attach a Raft host first");
        }
        return host;
    }

    /** A failed replica is found too: its leadership is STOPPED and {@link Partition#failure} tells why. */
    public Optional<Partition> find(PartitionId id) {
        return Optional.ofNullable(replicas.get(id.groupId()));
    }

    /** Every replica of this broker, failed ones included, in no particular order. */
    public List<Partition> all() {
        Collection<PartitionReplica> now = replicas.values();
        return List.copyOf(now);
    }

    /** Removes the member from its Raft group's files, then the replica's own files. Unknown replicas are no error. */
    public void delete(PartitionId id) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            if (!replicas.containsKey(id.groupId())) {
                return;
            }
            folders.markDeleted(id);
            host.remove(id.groupId());
            replicas.remove(id.groupId());
            folders.delete(id);
            index.of(id.groupId()).clear();
            log.info("deleted replica partition={}", id);
        }
    }

    /** Makes everything durable and releases files and memory. May be called twice. */
    @Override
    public void close() throws IOException {
        try (IndexStore last = index) {
            flusher.close();
        }
    }
}

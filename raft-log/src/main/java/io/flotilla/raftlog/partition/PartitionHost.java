package io.flotilla.raftlog.partition;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.catchup.CatchUpSettings;
import io.flotilla.raftlog.catchup.ReplicaFetcher;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.index.DamagedIndex;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
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
    private final SharedIndex index;
    private final BackgroundFlusher flusher;
    private final ReplicaFetcher fetcher;
    private final ReplicaExports exports;
    private final ReplicaRegistry replicas = new ReplicaRegistry();
    private final Incarnations incarnations;
    private final ReplicaRepairs repairs;
    private final ScrubProgress scrubProgress = new ScrubProgress();
    private final Object lifecycle = new Object();

    @GuardedBy("lifecycle")
    private @Nullable RaftHost raft;

    private PartitionHost(
            ReplicaFolders folders, StorageSettings settings, Clock clock, SharedIndex index, ReplicaFetcher fetcher) {
        this.folders = folders;
        this.settings = settings;
        this.clock = clock;
        this.index = index;
        this.flusher = new BackgroundFlusher(settings.flushThreads(), settings.flushInterval());
        this.fetcher = fetcher;
        this.exports = new ReplicaExports(replicas::ofGroup, folders::of);
        this.repairs = new ReplicaRepairs(folders, fetcher, replicas::get, new RepairAccess(), lifecycle);
        this.incarnations = new Incarnations(folders, new IncarnationAccess());
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
        return open(dataDirectory, settings, clock, ReplicaSource.NONE, CatchUpSettings.DEFAULT);
    }

    /**
     * As above, with replicas that catch up by files.
     *
     * @param source where other brokers' replicas are read
     */
    public static PartitionHost open(
            Path dataDirectory, StorageSettings settings, ReplicaSource source, CatchUpSettings catchUp)
            throws IOException {
        return open(dataDirectory, settings, Clock.systemUTC(), source, catchUp);
    }

    private static PartitionHost open(
            Path dataDirectory, StorageSettings settings, Clock clock, ReplicaSource source, CatchUpSettings catchUp)
            throws IOException {
        ReplicaFolders folders = ReplicaFolders.open(dataDirectory.resolve("partitions"));
        SharedIndex index = SharedIndex.open(dataDirectory.resolve("index"), settings);
        try {
            PartitionHost host =
                    new PartitionHost(folders, settings, clock, index, new ReplicaFetcher(source, catchUp));
            host.findReplicas();
            return host;
        } catch (Throwable failure) {
            index.close();
            throw failure;
        }
    }

    private void findReplicas() throws IOException {
        for (PartitionId id : folders.replicas()) {
            int incarnation = 0;
            try {
                incarnation = folders.incarnation(id).incarnation();
                addReplica(
                        id, incarnation, CheckpointFile.read(folders.of(id), id).settings());
            } catch (IOException untrusted) {
                addReplica(id, incarnation, PartitionSettings.DEFAULT).failed(untrusted);
            }
        }
        index.keepOnly(replicas.indexKeys());
    }

    private PartitionReplica addReplica(PartitionId id, int incarnation, PartitionSettings partitionSettings) {
        PartitionReplica replica = new PartitionReplica(id, incarnation, partitionSettings, settings, clock);
        replicas.put(replica);
        return replica;
    }

    /** What another incarnation of a partition does with replicas. */
    private final class IncarnationAccess implements Incarnations.Owner {
        @Override
        public PartitionReplica replace(PartitionReplica former, int incarnation) {
            leave(former.id());
            return addReplica(former.id(), incarnation, former.settings());
        }

        @Override
        public void forget(PartitionId id) {
            replicas.remove(id);
            leave(id);
        }

        private void leave(PartitionId id) {
            repairs.forget(id);
            exports.forget(id);
        }
    }

    /** What repairs do with replicas. */
    private final class RepairAccess implements ReplicaRepairs.Owner {
        @Override
        public void reopen(PartitionId id) throws IOException {
            PartitionHost.this.reopen(id);
        }

        @Override
        public void renewIndex(PartitionReplica found) throws IOException {
            synchronized (lifecycle) {
                IndexRenewal.run(found, replicas.all(), attachedHost(), index, PartitionHost.this::reopen);
            }
        }
    }

    /** The state of a partition's group, for the Raft host's factory; empty if no replica here belongs to the group. */
    public Optional<ReplicatedState> stateOf(GroupId id) {
        Optional<PartitionReplica> found = Optional.ofNullable(replicas.ofGroup(id));
        found.ifPresent(replica -> exports.forget(replica.id())); // it may open other files than it had
        return found.map(replica -> new PartitionState(
                replica.id(),
                id,
                folders.of(replica.id()),
                index.of(replica.id().groupId()),
                settings,
                flusher,
                System::nanoTime,
                fetcher,
                replica));
    }

    /** {@link #attach(RaftHost, PeerChanges)} where no other broker could change a group's peers. */
    public void attach(RaftHost host) throws IOException {
        attach(host, PeerChanges.NONE);
    }

    /**
     * Gives the recovered replicas their groups. The host must have been started. A replica whose group is missing or was
     * refused is failed from then on, until {@link #repair}; one that never had a group is forgotten.
     *
     * @param changes has replicas leave their groups and join them anew whose members are damaged
     */
    public void attach(RaftHost host, PeerChanges changes) throws IOException {
        synchronized (lifecycle) {
            raft = host;
            repairs.attach(host, changes);
            for (PartitionReplica replica : List.copyOf(replicas.all())) {
                PartitionId id = replica.id();
                Optional<ReplicatedGroup> group = host.group(replica.groupId());
                Optional<IOException> refusal = host.refusal(replica.groupId());
                if (group.isPresent()) {
                    incarnations.finish(replica);
                    join(replica, group.get());
                } else if (refusal.isEmpty() && isUnfinished(id)) {
                    replica.failed(Incarnations.interrupted(replica));
                } else if (refusal.isPresent() || hadGroup(id)) {
                    IOException reason =
                            refusal.orElseGet(() -> new DamagedMember("the files of the Raft group of partition " + id
                                    + " are gone, so this replica cannot know how it voted"));
                    replica.failed(reason);
                    repairs.refused(id, reason);
                    repairs.look(replica);
                } else if (!replica.hasFailed()) {
                    forget(id); // a crash cut its creation short; whoever wanted it asks again
                }
            }
        }
    }

    /** Whether the replica ever was in its group; its checkpoint tells where the mark of that is lost. */
    private boolean hadGroup(PartitionId id) {
        try {
            return folders.hasJoined(id)
                    || !CheckpointFile.read(folders.of(id), id).position().isNone();
        } catch (IOException unreadable) {
            return true;
        }
    }

    /**
     * Trims the partitions led here from now on, again and again. Without this call nothing is trimmed but on request.
     *
     * @param settingsOf what a partition keeps, asked for at every look; empty, while that is not known, keeps everything
     * @return ends it; to be closed before the Raft host
     */
    public AutoCloseable startRetention(Function<PartitionId, Optional<RetentionSettings>> settingsOf) {
        RetentionLoop retention = new RetentionLoop(replicas::all, settingsOf, clock, System::nanoTime);
        retention.start(settings.retentionCheckInterval());
        return retention;
    }

    /** {@link #startScrubbing(ScrubSettings, Collection)} of partitions alone. */
    public AutoCloseable startScrubbing(ScrubSettings scrubbing) {
        return startScrubbing(scrubbing, List.of());
    }

    /**
     * Looks for damaged segments, for such that other replicas have otherwise, and for damaged Raft logs from now on, again
     * and again; their replicas fail. A Raft host must be attached.
     *
     * @param otherGroups groups of the Raft host that are no partitions', whose Raft logs are looked at too
     * @return ends it; to be closed before this host
     */
    public AutoCloseable startScrubbing(ScrubSettings scrubbing, Collection<GroupId> otherGroups) {
        RaftHost host;
        synchronized (lifecycle) {
            host = attachedHost();
        }
        Scrubber scrubber = new Scrubber(
                replicas::all,
                folders::of,
                exports,
                fetcher.source(),
                host::verifyLog,
                List.copyOf(otherGroups),
                scrubbing,
                scrubProgress,
                clock);
        scrubber.start();
        return scrubber;
    }

    /**
     * Looks whether a replica needs a repair and starts it, or its next attempt: files that are damaged are fetched anew,
     * a damaged Raft member leaves its group and joins it anew. The replica is STOPPED until it is open again. To be
     * called again and again; a replica that needs nothing, or is being repaired, is left as it is.
     */
    public void repair(PartitionId id) {
        PartitionReplica replica = replicas.get(id);
        if (replica != null) {
            repairs.look(replica);
        }
    }

    /** A damaged index is begun anew, as for a replica that meets the damage. */
    @GuardedBy("lifecycle")
    private void clearIndex(PartitionId id) throws IOException {
        try {
            index.of(id.groupId()).clear();
        } catch (DamagedIndex damaged) {
            IndexRenewal.renew(damaged, replicas.all(), attachedHost(), index, this::reopen);
        }
    }

    private void join(PartitionReplica replica, ReplicatedGroup group) throws IOException {
        folders.markJoined(replica.id());
        replica.attach(group);
    }

    /**
     * Makes this broker's replica and joins its group; a replica that is here already is returned as it is. One that was
     * in the group before and has lost its files is failed, until {@link #repair}.
     *
     * @param peers the group's first members, the same at each; empty to join a group that exists already
     * @throws IOException if the folder cannot be written or the group cannot be joined; the call may be repeated
     */
    public Partition create(PartitionId id, PartitionSettings partitionSettings, List<Peer> peers) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica == null) {
                clearIndex(id);
                folders.create(id, 0, partitionSettings);
                replica = addReplica(id, 0, partitionSettings);
                log.info("created replica partition={}", id);
            }
            if (!replica.hasFailed() && !replica.isAttached()) {
                try {
                    join(replica, host.create(replica.groupId(), peers));
                } catch (DamagedMember forgotten) { // the replica's folder was lost, but it was in its group once
                    replica.failed(forgotten);
                }
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
        return Optional.ofNullable(replicas.get(id))
                .filter(PartitionReplica::isListed)
                .map(found -> found);
    }

    /**
     * Changes the largest batch that a replica accepts while it leads. The change is not stored: after a restart the
     * replica goes by what it was created with until it is told again. Unknown replicas are no error.
     *
     * @param bytesMax as {@link PartitionSettings#batchBytesMax}
     */
    public void limitBatches(PartitionId id, int bytesMax) {
        PartitionReplica replica = replicas.get(id);
        if (replica != null && replica.limitBatches(bytesMax)) {
            log.info("takes batches up to another size partition={} batchBytesMax={}", id, bytesMax);
        }
    }

    /** Has the listeners of a replica look again although nothing happened in its log. Unknown ones are no error. */
    public void wakeListeners(PartitionId id) {
        PartitionReplica replica = replicas.get(id);
        if (replica != null) {
            replica.notifyListeners();
        }
    }

    /** The replicas of this broker as other brokers fetch them. */
    public ReplicaExports exports() {
        return exports;
    }

    /** Every replica of this broker in numbers, failed ones included, in no particular order. */
    public List<ReplicaStatistics> statistics() {
        return replicas.all().stream()
                .filter(PartitionReplica::isListed)
                .map(PartitionReplica::statistics)
                .toList();
    }

    /** The replica of a Raft group in numbers; empty if this broker has none. */
    public Optional<ReplicaStatistics> statistics(GroupId group) {
        return Optional.ofNullable(replicas.ofGroup(group))
                .filter(PartitionReplica::isListed)
                .map(PartitionReplica::statistics);
    }

    /** How far scrubbing has come. */
    public ScrubProgress scrubProgress() {
        return scrubProgress;
    }

    /** Bytes of segments that this broker's replicas have fetched from others since this was opened. */
    public long fetchedBytes() {
        return fetcher.fetchedBytes();
    }

    /** Every replica of this broker, failed ones included, in no particular order. */
    public List<Partition> all() {
        return replicas.all().stream()
                .filter(PartitionReplica::isListed)
                .<Partition>map(listed -> listed)
                .toList();
    }

    /**
     * Stops the member of a replica and keeps its files; the replica is STOPPED, for the reason given, until
     * {@link #reopen}. One that is not here, or stopped already, is left as it is.
     */
    public void pause(PartitionId id, Throwable reason) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica != null && replica.isAttached() && !replica.hasFailed()) {
                host.suspend(replica.groupId()); // first, so that its last checkpoint is that of a sound replica
                replica.pause(reason);
                log.warn("paused replica partition={}: {}", id, reason.getMessage());
            }
        }
    }

    /**
     * Opens a replica that was paused or has failed again, from its files, as a start of the broker would. One that is
     * open is left as it is.
     *
     * @throws IOException if its files cannot be trusted; the replica has failed for that reason then
     */
    public void reopen(PartitionId id) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica == null || !replica.hasFailed()) {
                return;
            }
            host.suspend(replica.groupId()); // what is left of a member that broke down
            replica.resuming();
            try {
                replica.attach(host.resume(replica.groupId()));
                log.info("reopened replica partition={}", id);
            } catch (IOException untrusted) {
                replica.failed(untrusted);
                repairs.refused(id, untrusted);
                throw untrusted;
            }
        }
    }

    /** Removes the member from its Raft group's files, then the replica's own files. Unknown replicas are no error. */
    public void delete(PartitionId id) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica == null) {
                return;
            }
            folders.markDeleted(id);
            host.remove(replica.groupId());
            forget(id);
        }
    }

    private void forget(PartitionId id) throws IOException {
        replicas.remove(id);
        repairs.forget(id);
        exports.forget(id);
        folders.delete(id);
        try {
            index.of(id.groupId()).clear();
        } catch (DamagedIndex damaged) {
            log.error("the index keeps rows of a deleted replica until the next start partition={}", id, damaged);
        }
        log.info("deleted replica partition={}", id);
    }

    /**
     * Makes this broker's replica of a partition whose group exists already. It remembers nothing, so it neither votes nor
     * stands for election; it asks the group's leader to make it a voter, again and again with each {@link #repair}, and
     * is one once it has caught up. A replica that is here already is left as it is.
     *
     * @param incarnation whose group it joins
     * @throws IOException if the folder cannot be written; the call may be repeated
     */
    public void join(PartitionId id, int incarnation, PartitionSettings partitionSettings) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            if (replicas.get(id) != null) {
                return;
            }
            clearIndex(id);
            folders.create(id, incarnation, partitionSettings);
            folders.markJoined(id); // what a crash leaves from here on must not found the group
            PartitionReplica replica = addReplica(id, incarnation, partitionSettings);
            try {
                replica.attach(host.rejoin(replica.groupId()));
            } catch (IOException | RuntimeException failure) {
                forget(id);
                throw failure;
            }
            log.info("created replica, which joins its group partition={}", id);
            repairs.joining(replica);
        }
    }

    /**
     * Which incarnation of its partition each replica is of, failed ones included. One whose {@link #recover} has not come
     * to its end counts as the one before.
     */
    public Map<PartitionId, Integer> incarnations() {
        Map<PartitionId, Integer> found = new HashMap<>();
        for (PartitionReplica replica : replicas.all()) {
            if (replica.isListed()) {
                boolean unfinished = replica.hasFailed() && isUnfinished(replica.id());
                found.put(replica.id(), unfinished ? replica.incarnation() - 1 : replica.incarnation());
            }
        }
        return found;
    }

    private boolean isUnfinished(PartitionId id) {
        try {
            return folders.incarnation(id).isUnfinished();
        } catch (IOException unreadable) {
            return false; // its replica has failed for that
        }
    }

    /**
     * End of the log with which this broker's replica founded its incarnation of the partition; empty if it did not, or is
     * not here.
     */
    public OptionalLong keptEnd(PartitionId id) {
        try {
            long end = folders.incarnation(id).keptEnd();
            return end == IncarnationMark.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(end);
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }

    /**
     * Has this broker's replica go on alone, as the first of another incarnation of its partition: with all that it has,
     * whether or not that was committed, and without the peers it had. Only for a partition whose other peers have been
     * given up. A replica that has gone on already, or is not here, is left as it is.
     *
     * @param incarnation more than the replica's
     * @param epochMin    its leader epochs are higher from now on
     * @throws IOException if files cannot be read or written; the replica has failed then, and the call is to be repeated
     */
    public void recover(PartitionId id, int incarnation, int epochMin) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica != null) {
                incarnations.recover(replica, incarnation, epochMin, host);
            }
        }
    }

    /**
     * Stops a replica whose incarnation of the partition was given up, and moves its files to the quarantine. Unlike
     * {@link #delete} it asks nobody and loses nothing. Unknown replicas are no error.
     */
    public void putAside(PartitionId id) throws IOException {
        synchronized (lifecycle) {
            RaftHost host = attachedHost();
            PartitionReplica replica = replicas.get(id);
            if (replica != null) {
                incarnations.putAside(replica, host);
            }
        }
    }

    /**
     * Has the Raft host's close leave the replicas as a killed process would: without their last checkpoints, so that the
     * next start replays what came since the one before.
     */
    public void abandon() {
        replicas.all().forEach(PartitionReplica::abandon);
    }

    /** Makes everything durable and releases files and memory. May be called twice. */
    @Override
    public void close() throws IOException {
        try (SharedIndex last = index) {
            repairs.close();
            exports.close();
            fetcher.close();
            flusher.close();
        }
    }
}

package io.flotilla.raftlog.partition;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.catchup.ReplicaFetcher;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.PeerChanges;
import io.flotilla.raftlog.raft.RaftHost;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings replicas back whose files are damaged or lost.
 *
 * <ul>
 *   <li>Segments and checkpoint are fetched anew from another broker; the replica's Raft log must go on from there.
 *   <li>A Raft member that has lost log, vote or peers leaves its group, so that what it forgot counts no more, opens
 *       anew with nothing to remember, catches up and is made a voter again. If its segments are damaged too, they are
 *       fetched while it is out of the group; nothing needs to be proven then.
 *   <li>An index that is damaged is deleted and built again from the segments of all replicas.
 * </ul>
 *
 * Each attempt is bounded, but for fetching; who owns the replicas calls {@link #look} again and again.
 *
 * <p>Threading: safe for all threads; attempts run on threads of their own, one at one time for each replica.
 */
final class ReplicaRepairs implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplicaRepairs.class);

    /** Attempts at one time: each may wait for another broker, and a group that is joined costs its leader work. */
    private static final int ATTEMPTS_MAX = 4;

    private static final long CLOSE_TIMEOUT_SECONDS = 30;

    /** How far a member is on its way out of its group and back. */
    private enum Stage {
        /** It is not known to be out of the group, or does not open yet. */
        LEAVING,
        /** It is open and no voter yet. */
        JOINING
    }

    /** What the owner of the replicas does. */
    interface Owner {
        /** Opens a replica again from its files. */
        void reopen(PartitionId id) throws IOException;

        /** Begins the index anew that a replica has found damaged. */
        void renewIndex(PartitionReplica found) throws IOException;
    }

    private final ReplicaFolders folders;
    private final ReplicaFetcher fetcher;
    private final Function<PartitionId, @Nullable PartitionReplica> replicas;
    private final Owner owner;
    private final Object lifecycle;
    private final ThreadPoolExecutor threads;
    private final Map<PartitionId, Stage> rejoining = new ConcurrentHashMap<>();
    private final Set<PartitionId> underWay = ConcurrentHashMap.newKeySet();

    /** Why the last attempt failed, so that the same is not logged every second. */
    private final Map<PartitionId, String> obstacles = new ConcurrentHashMap<>();

    private volatile @Nullable RaftHost raft;
    private volatile PeerChanges peers = PeerChanges.NONE;

    /**
     * @param replicas  those that are here
     * @param lifecycle held by whoever opens, closes or removes a replica
     */
    ReplicaRepairs(
            ReplicaFolders folders,
            ReplicaFetcher fetcher,
            Function<PartitionId, @Nullable PartitionReplica> replicas,
            Owner owner,
            Object lifecycle) {
        this.folders = folders;
        this.fetcher = fetcher;
        this.replicas = replicas;
        this.owner = owner;
        this.lifecycle = lifecycle;
        AtomicInteger number = new AtomicInteger();
        // The queue holds each replica once at most.
        this.threads = new ThreadPoolExecutor(
                ATTEMPTS_MAX, ATTEMPTS_MAX, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "flotilla-repair-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** From now on there is something to repair with. */
    void attach(RaftHost host, PeerChanges changes) {
        raft = host;
        peers = changes;
    }

    /** Learns why a replica's member does not open. */
    void refused(PartitionId id, Throwable reason) {
        if (Damage.of(Optional.of(reason)) == Damage.MEMBER) {
            rejoining.putIfAbsent(id, Stage.LEAVING);
        }
    }

    /** Learns of a replica that is new, and open, and no voter yet. */
    void joining(PartitionReplica replica) {
        rejoining.put(replica.id(), Stage.JOINING);
        look(replica);
    }

    /** Forgets a replica that is here no more. */
    void forget(PartitionId id) {
        rejoining.remove(id);
        obstacles.remove(id);
    }

    /** Starts what a replica needs, if it needs anything and that is not under way. */
    void look(PartitionReplica replica) {
        RaftHost host = raft;
        PartitionId id = replica.id();
        if (host == null || !needsRepair(replica) || !underWay.add(id)) {
            return;
        }
        try {
            threads.execute(() -> attempt(replica, host));
        } catch (RejectedExecutionException closed) {
            underWay.remove(id);
        }
    }

    boolean isUnderWay(PartitionReplica replica) {
        return underWay.contains(replica.id());
    }

    private boolean needsRepair(PartitionReplica replica) {
        Stage stage = rejoining.get(replica.id());
        if (stage == Stage.LEAVING || (stage == Stage.JOINING && !replica.hasFailed())) {
            return true;
        }
        Damage damage = Damage.of(replica.failure());
        return damage == Damage.MEMBER || damage == Damage.INDEX || (damage == Damage.FILES && fetcher.hasSource());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold is handled
    private void attempt(PartitionReplica replica, RaftHost host) {
        PartitionId id = replica.id();
        CompletableFuture<?> fetch;
        try {
            fetch = repair(replica, host);
            obstacles.remove(id);
        } catch (IOException | RuntimeException obstacle) {
            String reason = obstacle.toString();
            if (!reason.equals(obstacles.put(id, reason))) {
                log.error("a replica is not repaired yet, it is tried again partition={}: {}", id, reason);
            }
            fetch = CompletableFuture.completedFuture(null);
        }
        fetch.whenComplete((done, failure) -> underWay.remove(id));
    }

    private CompletableFuture<?> repair(PartitionReplica replica, RaftHost host) throws IOException {
        Stage stage = rejoining.get(replica.id());
        if (stage == Stage.JOINING && !replica.hasFailed()) {
            becomeVoter(replica, host);
            return CompletableFuture.completedFuture(null);
        }
        if (stage != null) {
            return rejoin(replica, host);
        }
        return switch (Damage.of(replica.failure())) {
            case MEMBER -> rejoin(replica, host);
            case INDEX -> {
                owner.renewIndex(replica);
                yield CompletableFuture.completedFuture(null);
            }
            case FILES -> refetch(replica, host);
            // It waited for its turn while the index was renewed, and that has helped it too.
            case NONE -> CompletableFuture.completedFuture(null);
        };
    }

    private CompletableFuture<?> refetch(PartitionReplica replica, RaftHost host) throws IOException {
        PartitionId id = replica.id();
        synchronized (lifecycle) {
            if (!isHere(replica)) {
                return CompletableFuture.completedFuture(null);
            }
            host.suspend(replica.groupId()); // what is left of its member
        }
        // The Raft log must go on from what is fetched, and what was durable here must be in it.
        long minIndex = Math.max(durablePosition(id).index(), logStart(replica, host) - 1);
        log.error(
                "fetching a damaged replica anew partition={} minIndex={}: {}",
                id,
                minIndex,
                replica.failure().map(Throwable::toString).orElse(""));
        return fetch(replica, minIndex).thenRun(() -> openRepaired(replica));
    }

    private long logStart(PartitionReplica replica, RaftHost host) throws IOException {
        try {
            return host.logStart(replica.groupId());
        } catch (IOException unreadable) {
            rejoining.putIfAbsent(replica.id(), Stage.LEAVING); // a log that cannot be read is none
            throw unreadable;
        }
    }

    /** That of a replica's checkpoint; NONE if it cannot be read, which proves nothing. */
    private LogPosition durablePosition(PartitionId id) {
        try {
            return CheckpointFile.read(folders.of(id), id).position();
        } catch (IOException unreadable) {
            log.error("the checkpoint of a damaged replica cannot be read either partition={}", id, unreadable);
            return LogPosition.NONE;
        }
    }

    private CompletableFuture<LogPosition> fetch(PartitionReplica replica, long minIndex) {
        PartitionId id = replica.id();
        PartitionCatchUp fetch = new PartitionCatchUp(id, replica.groupId(), folders.of(id), fetcher, () -> {
            throw new IllegalStateException("a damaged replica is not open");
        });
        return fetch.fetchForRepair(minIndex);
    }

    private void openRepaired(PartitionReplica replica) {
        try {
            owner.reopen(replica.id());
            learnSettings(replica);
            log.warn("repaired replica partition={}", replica.id());
        } catch (IOException | RuntimeException failure) {
            log.error("a replica was fetched anew, but does not open partition={}", replica.id(), failure);
        }
    }

    private void learnSettings(PartitionReplica replica) throws IOException {
        replica.learn(
                CheckpointFile.read(folders.of(replica.id()), replica.id()).settings());
    }

    private CompletableFuture<?> rejoin(PartitionReplica replica, RaftHost host) throws IOException {
        PartitionId id = replica.id();
        if (rejoining.put(id, Stage.LEAVING) == null || !obstacles.containsKey(id)) {
            log.error(
                    "a damaged member leaves its group to join it anew partition={}: {}",
                    id,
                    replica.failure().map(Throwable::toString).orElse(""));
        }
        peers.remove(replica.groupId());
        try {
            if (!openAnew(replica, host)) {
                return CompletableFuture.completedFuture(null);
            }
        } catch (IOException failure) {
            if (Damage.of(Optional.of(failure)) != Damage.FILES || !fetcher.hasSource()) {
                throw failure;
            }
            log.error("fetching a damaged replica anew, out of its group partition={}: {}", id, failure.toString());
            return fetch(replica, LogPosition.NONE.index());
        }
        becomeVoter(replica, host);
        return CompletableFuture.completedFuture(null);
    }

    /** Returns whether the replica is still here. */
    private boolean openAnew(PartitionReplica replica, RaftHost host) throws IOException {
        PartitionId id = replica.id();
        synchronized (lifecycle) {
            if (!isHere(replica)) {
                return false;
            }
            host.suspend(replica.groupId());
            folders.markJoined(id);
            replica.resuming();
            try {
                replica.attach(host.rejoin(replica.groupId()));
                learnSettings(replica);
            } catch (IOException | RuntimeException failure) {
                replica.failed(failure);
                throw failure;
            }
            rejoining.put(id, Stage.JOINING);
            return true;
        }
    }

    private void becomeVoter(PartitionReplica replica, RaftHost host) throws IOException {
        PartitionId id = replica.id();
        peers.add(replica.groupId());
        synchronized (lifecycle) {
            if (isHere(replica)) {
                host.rejoined(replica.groupId());
                rejoining.remove(id);
                log.warn("a replica's member has joined its group and votes partition={}", id);
            }
        }
    }

    @GuardedBy("lifecycle")
    private boolean isHere(PartitionReplica replica) {
        return replicas.apply(replica.id()) == replica;
    }

    /** Breaks off what is under way; the next start goes on with it. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a repair did not end within {} s", CLOSE_TIMEOUT_SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

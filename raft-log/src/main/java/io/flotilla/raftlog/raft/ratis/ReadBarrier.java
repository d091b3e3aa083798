package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.ratis.transport.LeaderProofs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Has a leader find out whether it still leads, before it answers from what it has applied: by the last answers of a
 * majority, if they are new enough, or else by one round of heartbeats.
 *
 * <p>Threading: safe for all threads; futures complete on a worker, or at once.
 */
final class ReadBarrier {
    /** Pauses between two looks for answers, which arrive within a millisecond or two where nothing is wrong. */
    private static final long LOOK_MILLIS_MIN = 1;

    private static final long LOOK_MILLIS_MAX = 20;

    private final LeaderProofs proofs;
    private final HostThreads threads;
    private final Duration timeout;

    ReadBarrier(LeaderProofs proofs, HostThreads threads, Duration timeout) {
        this.proofs = proofs;
        this.threads = threads;
        this.timeout = timeout;
    }

    /**
     * Completes once a majority has shown that it followed this leader after the call, or shortly before it; also when it
     * leads no more, which whoever asks finds out. Fails with LEADER_NOT_READY if there is no such majority in time.
     *
     * @param trustLease whether answers from before the call count
     */
    CompletableFuture<@Nullable Void> confirm(GroupId group, RaftServer.Division leader, boolean trustLease) {
        Timestamp began = Timestamp.currentTime();
        if (trustLease ? proofs.hasLease(leader) : proofs.isProved(leader, began)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<@Nullable Void> confirmed = new CompletableFuture<>();
        proofs.ask(leader);
        lookLater(group, leader, began, LOOK_MILLIS_MIN, confirmed);
        return confirmed;
    }

    private void lookLater(
            GroupId group,
            RaftServer.Division leader,
            Timestamp began,
            long pauseMillis,
            CompletableFuture<@Nullable Void> confirmed) {
        try {
            var unused = threads.timer()
                    .schedule(
                            () -> look(group, leader, began, pauseMillis, confirmed),
                            pauseMillis,
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            confirmed.completeExceptionally(closing);
        }
    }

    private void look(
            GroupId group,
            RaftServer.Division leader,
            Timestamp began,
            long pausedMillis,
            CompletableFuture<@Nullable Void> confirmed) {
        if (!leader.getInfo().isLeader() || proofs.isProved(leader, began)) {
            threads.work().execute(() -> confirmed.complete(null));
        } else if (began.elapsedTimeMs() >= timeout.toMillis()) {
            threads.work()
                    .execute(() -> confirmed.completeExceptionally(RatisErrors.unconfirmed(group, timeout.toMillis())));
        } else {
            lookLater(group, leader, began, Math.min(LOOK_MILLIS_MAX, 2 * pausedMillis), confirmed);
        }
    }
}

package io.flotilla.raftlog.raft.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a leader's notice that its log begins too late for this member.
 *
 * <p>Ratis asks once and then tells the leader "in progress" and refuses every append until the future it got is done
 * <em>and</em> the leader gave notice again. If the leader changes in between, to one that gives no notice because it has
 * the entries, the member would refuse its appends for ever. So no success is ever left lying there: when the state is
 * fetched the future fails, Ratis is as before, and the notice that follows is answered with the fetched position at
 * once, which Ratis then installs within the same call. A new leader ends a future likewise.
 *
 * <p>Threading: safe for all threads; called under locks of Ratis, it waits for nothing.
 */
final class CatchUpNotices {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUpNotices.class);

    /** Position of what is fetched and waits to be installed; {@link LogPosition#NONE} for nothing. */
    @GuardedBy("this")
    private LogPosition fetched = LogPosition.NONE;

    @GuardedBy("this")
    private boolean fetching;

    /** What Ratis waits for. */
    @GuardedBy("this")
    private @Nullable CompletableFuture<@Nullable TermIndex> pending;

    private final GroupId group;
    private final CatchUp catchUp;

    CatchUpNotices(GroupId group, CatchUp catchUp) {
        this.group = group;
        this.catchUp = catchUp;
    }

    /**
     * @param firstAvailable index of the first entry of the leader's log
     * @param applied        index of the last entry applied here
     * @return completes with a position to install, null if the log will do
     */
    synchronized CompletableFuture<@Nullable TermIndex> noticed(long firstAvailable, long applied) {
        if (firstAvailable <= 0 || applied >= firstAvailable) {
            return CompletableFuture.completedFuture(null); // a new member is given notice once in any case
        }
        if (fetched.index() >= firstAvailable) {
            return CompletableFuture.completedFuture(TermIndex.valueOf(fetched.term(), fetched.index()));
        }
        if (!fetching) {
            LOG.info(
                    "catching up without the log group={} applied={} leaderLogStart={}",
                    group,
                    applied,
                    firstAvailable);
            fetch(firstAvailable);
        }
        CompletableFuture<@Nullable TermIndex> answer = new CompletableFuture<>();
        pending = answer;
        return answer;
    }

    @GuardedBy("this")
    @SuppressWarnings("FutureReturnValueIgnored") // what it would hold is handled
    private void fetch(long firstAvailable) {
        fetching = true;
        fetched = LogPosition.NONE;
        // Elsewhere: it might be done already, and nothing may answer Ratis before it has the future.
        catchUp.fetch(firstAvailable).whenCompleteAsync(this::fetched);
    }

    private void fetched(@Nullable LogPosition position, @Nullable Throwable failure) {
        synchronized (this) {
            fetching = false;
            if (position != null) {
                fetched = position;
            }
        }
        answer(
                position != null
                        ? "the state at index " + position.index() + " is here and is installed at the next notice"
                        : "the state could not be fetched: " + failure);
    }

    /** The member follows another leader, or none. */
    void leaderChanged() {
        answer("the leader changed; the next one gives notice itself if it must");
    }

    private void answer(String message) {
        CompletableFuture<@Nullable TermIndex> waiting;
        synchronized (this) {
            waiting = pending;
            pending = null;
        }
        if (waiting != null) {
            waiting.completeExceptionally(new IOException(message));
        }
    }

    /** Position about to be installed. */
    synchronized Optional<LogPosition> ready() {
        return fetched.isNone() ? Optional.empty() : Optional.of(fetched);
    }

    /** What was fetched is in use. */
    synchronized void installed() {
        fetched = LogPosition.NONE;
    }
}

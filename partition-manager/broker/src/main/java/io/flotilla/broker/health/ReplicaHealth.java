package io.flotilla.broker.health;

import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.Leadership;
import java.time.Duration;
import java.util.Optional;

/** When a member of a group is ready, and when its group is under-replicated. Pure. */
public final class ReplicaHealth {
    /** Entries that a member may be behind and still count as caught up: less than a second's of a busy partition. */
    public static final long LAG_ENTRIES_MAX = 1_000;

    /** Followers answer several times a second; one that has not for so long is down, cut off or overwhelmed. */
    public static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private ReplicaHealth() {}

    /**
     * Why a member cannot do its part yet: serve as leader, or take over from one.
     *
     * @param failure  why it has stopped, if so
     * @param progress empty while the member cannot tell
     */
    public static Optional<String> notReady(
            Leadership leadership, Optional<Throwable> failure, Optional<GroupProgress> progress) {
        if (failure.isPresent()) {
            return Optional.of("it has stopped: " + failure.get().getMessage());
        }
        if (leadership.role() == Leadership.Role.STOPPED) {
            return Optional.of("it has stopped");
        }
        if (leadership.leader().isEmpty()) {
            return Optional.of("it knows no leader in term " + leadership.term());
        }
        if (leadership.isLeader() && !leadership.ready()) {
            return Optional.of("it was just elected and is applying its log");
        }
        return progress.filter(ReplicaHealth::isLagging)
                .map(behind -> "it has applied " + behind.appliedIndex() + " of " + behind.committedIndex()
                        + " committed entries");
    }

    /** Whether a member has more to apply than one that is caught up. */
    public static boolean isLagging(GroupProgress progress) {
        return progress.applyLag() > LAG_ENTRIES_MAX;
    }

    /**
     * Whether this member leads and one of its followers would be of no use if it died now. One that does not lead cannot
     * tell.
     */
    public static boolean isUnderReplicated(Leadership leadership, Optional<GroupProgress> progress) {
        return leadership.isLeader()
                && progress.stream()
                        .flatMap(leader -> leader.followers().stream()
                                .filter(follower -> follower.silence().compareTo(SILENCE_MAX) > 0
                                        || leader.lagOf(follower) > LAG_ENTRIES_MAX))
                        .findAny()
                        .isPresent();
    }
}

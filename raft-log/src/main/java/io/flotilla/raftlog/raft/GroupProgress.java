package io.flotilla.raftlog.raft;

import java.time.Duration;
import java.util.List;

/**
 * How far a member of a group has come, as it knows itself.
 *
 * @param lastTerm       of the newest entry in its log, 0 for an empty one
 * @param lastIndex      of the newest entry in its log, -1 for an empty one
 * @param committedIndex of the newest entry that it knows to be committed anywhere
 * @param appliedIndex   of the newest entry that it has applied
 * @param followers      the others, as their leader sees them; empty where this member does not lead
 */
public record GroupProgress(
        long lastTerm, long lastIndex, long committedIndex, long appliedIndex, List<Follower> followers) {
    public GroupProgress {
        followers = List.copyOf(followers);
    }

    /**
     * A follower as its leader sees it.
     *
     * @param matchIndex of the newest entry that it has acknowledged, -1 before the first
     * @param silence    since its last answer
     */
    public record Follower(PeerId peer, long matchIndex, Duration silence) {}

    /** Entries that are committed and not applied here, at least 0. */
    public long applyLag() {
        return Math.max(0, committedIndex - appliedIndex);
    }

    /** Entries of this member's log that a follower has not acknowledged, at least 0. */
    public long lagOf(Follower follower) {
        return Math.max(0, lastIndex - follower.matchIndex());
    }
}

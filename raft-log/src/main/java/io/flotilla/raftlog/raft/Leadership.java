package io.flotilla.raftlog.raft;

import java.util.Optional;

/**
 * What one member knows of its group's leadership.
 *
 * @param role   this member's own role
 * @param term   highest term it has seen
 * @param leader the leader of that term, empty while none is known
 * @param ready  whether this member leads and has applied an entry of its own term; only then may it serve
 */
public record Leadership(Role role, long term, Optional<PeerId> leader, boolean ready) {
    public static final Leadership UNKNOWN = new Leadership(Role.FOLLOWER, 0, Optional.empty(), false);

    /** A member's role in its group; {@code STOPPED} once it was closed or failed. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        STOPPED
    }

    public boolean isLeader() {
        return role == Role.LEADER;
    }
}

package io.flotilla.broker.group;

import java.util.Optional;

/** A member's connection, as the coordinator talks to it. Every method returns at once and may be called by any thread. */
public interface MemberSession {
    /** The member may have changed, or be one no more: it is to look. */
    void membershipChanged();

    /** Another stream has taken its place. */
    void replaced();

    /**
     * This broker coordinates no more.
     *
     * @param leader broker id of the next coordinator, if it is known
     */
    void moved(Optional<Integer> leader);
}

package io.flotilla.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A replica that votes, of a partition that may have to be recovered, as its own broker told when it was asked.
 *
 * @param fencedSince    since when the cluster has not heard of its broker; empty while it does
 * @param unknownBecause why nothing is known: its broker does not answer, or has no such replica. Empty if the rest is
 *                       known
 * @param highWatermark  offset behind the last record that it knows to be committed; its Raft log may hold more
 * @param lastIndex      of the last entry in its Raft log, -1 if that is empty
 * @param lastTerm       likewise; of two logs the one whose last entry has the higher term, or at the same term the higher
 *                       index, holds more of what may have been acknowledged
 * @param failure        why it cannot be used; empty if it can
 */
public record RecoverableReplica(
        int brokerId,
        Optional<Instant> fencedSince,
        String unknownBecause,
        long logStartOffset,
        long highWatermark,
        long lastIndex,
        long lastTerm,
        String failure) {
    public boolean isKnown() {
        return unknownBecause.isEmpty();
    }

    public boolean isUsable() {
        return isKnown() && failure.isEmpty();
    }

    /** Whether its Raft log ends behind another one's. */
    public boolean hasMoreThan(RecoverableReplica other) {
        return lastTerm != other.lastTerm ? lastTerm > other.lastTerm : lastIndex > other.lastIndex;
    }
}

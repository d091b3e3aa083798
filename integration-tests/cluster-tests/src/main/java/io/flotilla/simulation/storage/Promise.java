package io.flotilla.simulation.storage;

/**
 * What the storage owes after a loss of power at one moment.
 *
 * @param presence  whether the replica is there
 * @param joined    whether it knows that it had joined its Raft group, if it is there
 * @param durable   index up to which the Raft log may have been purged; from behind it entries come again
 * @param committed index of the last entry that may have been applied
 * @param raft      the entries
 */
record Promise(Presence presence, boolean joined, long durable, long committed, RaftLog raft) {
    /** Whether a replica is there. */
    enum Presence {
        ABSENT,
        /** Being made or deleted: either, but whole. */
        EITHER,
        PRESENT
    }
}

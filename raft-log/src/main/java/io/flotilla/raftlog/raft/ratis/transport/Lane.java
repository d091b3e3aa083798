package io.flotilla.raftlog.raft.ratis.transport;

/** Messages of one lane wait for each other, those of different lanes do not. */
public enum Lane {
    /** Entries and their acknowledgements. */
    BULK,
    /** What an election or a lease hangs on: votes, heartbeats, read indexes, hand-overs. Small, and never behind entries. */
    URGENT
}

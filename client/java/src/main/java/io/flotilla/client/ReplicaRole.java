package io.flotilla.client;

/** What a replica does in its group. */
public enum ReplicaRole {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    /** Stopped after a failure; its broker's log has the cause. */
    FAILED,
    /** A role this client's version has no name for. */
    UNKNOWN
}

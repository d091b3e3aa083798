package io.flotilla.raftlog.raft;

/**
 * Learns what a Raft host does, for whoever counts and measures it.
 *
 * <p>Threading: called on any thread of the host, several at a time, in the middle of its work: must be quick, must not
 * block and must not throw.
 */
public interface RaftObserver {
    RaftObserver NONE = new RaftObserver() {};

    /**
     * The log of a group was flushed: what was buffered is written and fsynced.
     *
     * @param nanos how long that took
     */
    default void logFlushed(long nanos) {}

    /** The member's view of its group's leadership changed; changes that follow each other quickly come as one. */
    default void leadershipChanged(Leadership before, Leadership now) {}

    /**
     * Something that came over the Raft port was not let in.
     *
     * @param reason one of a dozen names in lower case, such as {@code wrong_certificate}
     */
    default void refused(String reason) {}
}

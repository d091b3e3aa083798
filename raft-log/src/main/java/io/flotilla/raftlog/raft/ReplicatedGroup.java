package io.flotilla.raftlog.raft;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One member's handle on its group. */
public interface ReplicatedGroup {
    GroupId id();

    /** The peers of the newest configuration known. */
    List<Peer> peers();

    /**
     * The voters by a configuration that is committed and no passage to another; empty while there is no such
     * configuration, and if this member does not lead.
     */
    Optional<List<Peer>> committedPeers();

    /**
     * Followers that could take over the leadership without a pause: they have answered within the longest election
     * timeout and lack little of the log. Empty if this member does not lead.
     */
    Set<PeerId> followersInStep();

    /** The newest view, without waiting. */
    Leadership leadership();

    /** How far this member has come, without waiting; empty while it is not open, or cannot tell just now. */
    default Optional<GroupProgress> progress() {
        return Optional.empty();
    }

    /**
     * Replicates an entry. Entries proposed by one thread keep their order.
     *
     * <p>Fails with {@link io.flotilla.protocol.error.NotLeader} or a retriable
     * {@link io.flotilla.protocol.error.Refused}: {@code LEADER_NOT_READY} and {@code OVERLOADED} when nothing was
     * replicated, {@code TIMEOUT} when the outcome is unknown ({@code NotLeader} too, if it comes after the entry was
     * accepted). Errors arrive through the future, never as a throw.
     *
     * @param entry complete and immutable from now on; at most the host's entry limit
     * @return what {@link ReplicatedState#apply} answered here, once the entry is durable on a majority
     */
    CompletableFuture<ByteBuffer> propose(ByteBuffer entry);

    /**
     * Completes once this member, as leader, has applied everything that was committed anywhere before the call.
     * Fails like {@link #propose} if it does not lead.
     */
    CompletableFuture<Void> readBarrier();

    /** Asks for a checkpoint now and for the removal of the log behind it. */
    CompletableFuture<LogPosition> checkpoint();

    /**
     * Stops this member at once, since what it replicates cannot be trusted any more: it votes, acknowledges and serves
     * no longer. Does not wait, and may be called more than once; {@link ReplicatedState#failed} tells when it has
     * stopped.
     */
    void stop(Throwable cause);

    /**
     * Adds a voter or takes one out, as leader. A peer that is new catches up first. At most one change of a group is under
     * way at one time; another fails, as does one whose {@code expected} are not the voters any more, in whatever order,
     * and one that would change more than one voter: majorities of before and after must overlap.
     *
     * @return completes once the wanted configuration is committed; fails with a retriable error otherwise, when it may
     *     yet be committed later
     */
    CompletableFuture<Void> changePeers(List<Peer> expected, List<Peer> wanted);

    /** Hands leadership to another voter. Completes when that one leads; fails with a retriable error otherwise. */
    CompletableFuture<Void> transferLeadership(PeerId target);
}

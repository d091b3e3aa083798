package io.flotilla.manager;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The Raft group of the metadata as the broker sees it whose controller may lead.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
public interface MetadataGroup {
    /** Whether this broker leads the group and has applied all that was committed before. */
    boolean isReadyLeader();

    /** The voters by a configuration that is committed; empty while there is none, and if this broker does not lead. */
    Optional<List<Peer>> committedVoters();

    /** Voters that could take over the leadership without a pause; empty if this broker does not lead. */
    Set<PeerId> votersInStep();

    /** Replaces the voters; fails with a retriable error, among others if {@code expected} are not the voters any more. */
    CompletableFuture<Void> changeVoters(List<Peer> expected, List<Peer> wanted);

    /** Completes when the other voter leads; fails with a retriable error otherwise. */
    CompletableFuture<Void> transferLeadership(PeerId target);
}

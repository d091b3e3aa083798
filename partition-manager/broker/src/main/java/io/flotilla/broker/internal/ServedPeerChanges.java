package io.flotilla.broker.internal;

import io.flotilla.broker.internal.v1.ChangePeerRequest;
import io.flotilla.broker.internal.v1.ChangePeerResponse;
import io.flotilla.manager.MetadataAdmission;
import io.flotilla.manager.VoterChange;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the peers of groups that this broker leads, on request of the peer that is concerned.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedPeerChanges {
    private static final Logger LOG = LoggerFactory.getLogger(ServedPeerChanges.class);

    private final String clusterId;
    private final RaftHost host;
    private final GroupBrokers brokers;

    /** @param brokers with the newest image here */
    public ServedPeerChanges(String clusterId, RaftHost host, GroupBrokers brokers) {
        this.clusterId = clusterId;
        this.host = host;
        this.brokers = brokers;
    }

    /**
     * Completes once a configuration with, or without, the peer is committed. Also where that is so already the group is
     * asked: what this member sees may not be committed yet.
     *
     * <p>Fails with LEADER_NOT_READY once another voter has made room for the peer, which then asks again: the consensus
     * library cannot take the next change from whoever hears first that one is done.
     */
    CompletableFuture<ChangePeerResponse> change(ChangePeerRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        GroupId id = InternalRequests.groupOf(request.getGroupId());
        Peer peer = peerOf(request);
        ReplicatedGroup group = host.group(id)
                .orElseThrow(() ->
                        new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker has no open member of group " + id));
        requireReadyLeader(group);
        List<Peer> current = group.peers();
        List<Peer> wanted =
                request.getVoter() ? with(peer, request.getSeeds(), group, current) : without(peer, current);
        if (wanted.isEmpty() || peer.id().equals(host.self())) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "the peers of group " + id + " cannot change from " + current + " to " + wanted
                            + ": its leader stays");
        }
        LOG.warn(
                "{} asks to be {} group={} peers={}",
                peer.id(),
                request.getVoter() ? "a voter" : "taken out, since its member is damaged",
                id,
                current);
        CompletableFuture<Void> changed = group.changePeers(current, wanted);
        if (request.getVoter() && !wanted.contains(peer)) {
            return changed.thenCompose(done -> CompletableFuture.failedFuture(new Refused(
                    ErrorCode.LEADER_NOT_READY,
                    "group " + id + " has made room for peer " + peer.id() + ", its voters are " + wanted
                            + "; ask again")));
        }
        return changed.thenApply(done -> ChangePeerResponse.getDefaultInstance());
    }

    private List<Peer> with(Peer peer, int seeds, ReplicatedGroup group, List<Peer> current) {
        List<PeerId> voters = current.stream().map(Peer::id).toList();
        Set<PeerId> silent = silent(group, voters);
        List<PeerId> wanted = brokers.isMetadata(group.id())
                ? MetadataAdmission.admitting(peer.id(), voters, brokers.image(), seeds, host.self(), silent)
                : brokers.assignmentOf(group.id())
                        .map(assigned -> VoterChange.admitting(peer.id(), voters, assigned, host.self(), silent))
                        .orElseThrow(() -> new Refused(
                                ErrorCode.UNKNOWN_PARTITION,
                                "this broker knows no partition of group " + group.id() + "; try again",
                                Map.of("group", group.id().toString())));
        return Stream.concat(current.stream(), Stream.of(peer))
                .filter(candidate -> wanted.contains(candidate.id()))
                .distinct()
                .toList();
    }

    private Set<PeerId> silent(ReplicatedGroup group, List<PeerId> voters) {
        Set<PeerId> silent = new HashSet<>(voters);
        silent.removeAll(group.followersInStep());
        return silent;
    }

    private static List<Peer> without(Peer peer, List<Peer> current) {
        return current.stream().filter(voter -> !voter.id().equals(peer.id())).toList();
    }

    private static Peer peerOf(ChangePeerRequest request) {
        try {
            return new Peer(
                    InternalRequests.peerOf(request.getPeer().getPeerId()),
                    request.getPeer().getRaftHost(),
                    request.getPeer().getRaftPort());
        } catch (IllegalArgumentException malformed) {
            throw new Refused(ErrorCode.INVALID_REQUEST, "the peer is malformed: " + malformed, Map.of(), malformed);
        }
    }

    private static void requireReadyLeader(ReplicatedGroup group) {
        Leadership now = group.leadership();
        if (now.isLeader() && !now.ready()) {
            throw new Refused(
                    ErrorCode.LEADER_NOT_READY,
                    "leader of group " + group.id() + " is still applying its log; try again");
        }
        if (!now.isLeader()) {
            throw new NotLeader(
                    "this broker does not lead group " + group.id(),
                    (int) now.term(),
                    now.leader().map(PeerId::nodeId));
        }
    }
}

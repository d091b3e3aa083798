package io.flotilla.broker.identity;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Comparator;
import java.util.List;

/**
 * The cluster a broker belongs to.
 *
 * @param clusterId never changes
 * @param voters    those with which the cluster's metadata group was first started, in the order of their ids
 */
public record Membership(String clusterId, List<Peer> voters) {
    public Membership {
        voters = voters.stream()
                .sorted(Comparator.comparing(peer -> peer.id().value()))
                .toList();
    }

    public boolean isVoter(PeerId peer) {
        return voters.stream().anyMatch(voter -> voter.id().equals(peer));
    }
}

package io.flotilla.metadata;

import io.flotilla.raftlog.raft.PeerId;
import java.util.List;

/**
 * Who votes on the cluster's metadata.
 *
 * @param voters those of a committed configuration, as a leader last told; empty while none has
 * @param target who shall be the voters; empty while those that are may stay
 */
public record MetadataVoters(List<PeerId> voters, List<PeerId> target) {
    public static final MetadataVoters UNKNOWN = new MetadataVoters(List.of(), List.of());

    public MetadataVoters {
        voters = List.copyOf(voters);
        target = List.copyOf(target);
    }

    /** Whether a peer is to be a voter, or to stay one, as far as the metadata tells. */
    public boolean wants(PeerId peer) {
        return target.isEmpty() ? voters.contains(peer) : target.contains(peer);
    }

    /** Whether a broker still votes. */
    public boolean isOn(int brokerId) {
        return voters.stream().anyMatch(voter -> voter.nodeId() == brokerId);
    }

    /** The same voters, in whatever order, with the same target. */
    public boolean sameAs(MetadataVoters other) {
        return PartitionAssignment.sameMembers(voters, other.voters)
                && PartitionAssignment.sameMembers(target, other.target);
    }
}

package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;

/**
 * Where a partition's replicas shall be.
 *
 * @param peers distinct, the preferred leader first
 */
public record TargetReplicas(PartitionId partition, List<PeerId> peers) {
    public TargetReplicas {
        peers = List.copyOf(peers);
    }
}

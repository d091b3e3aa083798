package io.flotilla.metadata;

import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Optional;

/**
 * Which peers hold a partition, and who led it when somebody last said so.
 *
 * @param partition   from 0
 * @param replicas    distinct; the first is the preferred leader
 * @param leaderEpoch highest epoch reported, 0 before any
 * @param leader      broker id of that epoch's leader: a hint for clients, never a permission to serve
 */
public record PartitionAssignment(int partition, List<PeerId> replicas, int leaderEpoch, Optional<Integer> leader) {
    public PartitionAssignment {
        replicas = List.copyOf(replicas);
    }

    public static PartitionAssignment unled(int partition, List<PeerId> replicas) {
        return new PartitionAssignment(partition, replicas, 0, Optional.empty());
    }

    public PartitionAssignment ledBy(int brokerId, int epoch) {
        return new PartitionAssignment(partition, replicas, epoch, Optional.of(brokerId));
    }

    public PeerId preferredLeader() {
        return replicas.get(0);
    }

    public boolean isOn(int brokerId) {
        return replicas.stream().anyMatch(replica -> replica.nodeId() == brokerId);
    }
}

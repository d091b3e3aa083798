package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;

/**
 * A broker's word that it leads a partition.
 *
 * @param epoch    the leader epoch (Raft term) it leads in, 1 or more
 * @param brokerId the leader
 * @param voters   of the group, by a configuration that is committed; empty if none is, or by a broker that does not tell
 */
public record LeaderReport(PartitionId partition, int epoch, int brokerId, List<PeerId> voters) {
    public LeaderReport {
        voters = List.copyOf(voters);
    }
}

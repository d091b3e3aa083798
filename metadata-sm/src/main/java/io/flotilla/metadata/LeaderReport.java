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
 * @param incarnation of the partition whose group it leads
 * @param keptEnd  end of the log with which that incarnation began, for the first report after a recovery; else 0
 */
public record LeaderReport(
        PartitionId partition, int epoch, int brokerId, List<PeerId> voters, int incarnation, long keptEnd) {
    public LeaderReport {
        voters = List.copyOf(voters);
    }

    /** Of a partition that was never recovered. */
    public LeaderReport(PartitionId partition, int epoch, int brokerId, List<PeerId> voters) {
        this(partition, epoch, brokerId, voters, 0, 0);
    }
}

package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;

/**
 * A broker's word that it leads a partition.
 *
 * @param epoch    the leader epoch (Raft term) it leads in, 1 or more
 * @param brokerId the leader
 */
public record LeaderReport(PartitionId partition, int epoch, int brokerId) {}

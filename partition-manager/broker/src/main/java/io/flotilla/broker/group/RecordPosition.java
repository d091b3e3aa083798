package io.flotilla.broker.group;

import io.flotilla.raftlog.partition.PartitionId;

/** Where a record is, or will be. */
public record RecordPosition(PartitionId partition, long offset) {}

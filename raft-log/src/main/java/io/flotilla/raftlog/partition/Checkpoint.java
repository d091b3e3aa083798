package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.LogEnd;

/**
 * A replica's state behind one Raft entry: all there is besides the batches. {@link CheckpointFile} keeps it.
 *
 * @param position the last entry whose effects it holds
 */
record Checkpoint(
        PartitionId partition,
        PartitionSettings settings,
        LogPosition position,
        LogEnd end,
        PartitionRules.Memory memory) {
    Checkpoint {
        if (memory.logEndOffset() != end.endOffset()) {
            throw new IllegalArgumentException("rules end at offset " + memory.logEndOffset() + ", the log at " + end);
        }
    }

    long logStartOffset() {
        return memory.logStartOffset();
    }

    /** The state of a replica that has applied nothing. */
    static Checkpoint initial(PartitionId partition, PartitionSettings settings) {
        return new Checkpoint(partition, settings, LogPosition.NONE, LogEnd.EMPTY, PartitionRules.Memory.EMPTY);
    }
}

package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.Leadership;
import java.util.Optional;

/**
 * One replica at one moment, in numbers; they are read one after the other while the replica goes on.
 *
 * @param failure       why it serves no more, if so
 * @param highWatermark first offset not yet committed: the end of the log, whose segments hold committed records only
 * @param logBytes      of its segments
 * @param logSegments   their number; 0, like the bytes, while the replica is not open
 * @param pendingBytes  of batches that were given to it and are not answered
 * @param progress      of its member of the Raft group; empty while that is not open
 */
public record ReplicaStatistics(
        PartitionId id,
        Leadership leadership,
        Optional<Throwable> failure,
        long logStartOffset,
        long highWatermark,
        long logBytes,
        int logSegments,
        long pendingBytes,
        Optional<GroupProgress> progress) {}

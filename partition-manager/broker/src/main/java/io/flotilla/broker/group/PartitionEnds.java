package io.flotilla.broker.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What leaders tell of their partitions. What none has told is left out.
 *
 * @param highWatermarks by partition
 * @param timestamps     of records at positions, or of the next one there is, in milliseconds since the epoch, 0 or more;
 *     empty where there is none at or behind the position
 */
public record PartitionEnds(Map<PartitionId, Long> highWatermarks, Map<RecordPosition, OptionalLong> timestamps) {
    public static final PartitionEnds NONE = new PartitionEnds(Map.of(), Map.of());

    public PartitionEnds {
        highWatermarks = Map.copyOf(highWatermarks);
        timestamps = Map.copyOf(timestamps);
    }

    /** Of both, which tell of different partitions. */
    PartitionEnds and(PartitionEnds more) {
        Map<PartitionId, Long> allMarks = new HashMap<>(highWatermarks);
        allMarks.putAll(more.highWatermarks);
        Map<RecordPosition, OptionalLong> allTimestamps = new HashMap<>(timestamps);
        allTimestamps.putAll(more.timestamps);
        return new PartitionEnds(allMarks, allTimestamps);
    }
}

package io.flotilla.broker.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.OptionalLong;

/**
 * How far a group is behind in one partition.
 *
 * @param committed     next record to process; empty while nothing is committed, and then how far it is behind is not known
 * @param highWatermark where the partition ends; empty if its leader has not told
 * @param records       yet to process; 0 or more, empty if not known
 * @param millis        how long ago the first of them was made, by the clocks of its producer and of the coordinator; 0 if
 *     there is none, and if that clock is ahead; empty if not known
 */
public record PartitionLag(
        PartitionId partition,
        OptionalLong committed,
        OptionalLong highWatermark,
        OptionalLong records,
        OptionalLong millis) {}

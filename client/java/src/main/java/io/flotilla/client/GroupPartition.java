package io.flotilla.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a consumer group is behind in a partition.
 *
 * @param committedOffset the next record to process; empty while nothing is committed, and then it is not known how far the
 *     group is behind
 * @param highWatermark   the offset behind the last record that can be read; empty if the partition's leader has not answered
 * @param lagRecords      records yet to process, 0 or more; empty if not known
 * @param lag             how long ago the first of them was made, by its timestamp or an earlier one of the same batch; zero
 *     if there is none; empty if not known
 */
public record GroupPartition(
        TopicPartition partition,
        OptionalLong committedOffset,
        OptionalLong highWatermark,
        OptionalLong lagRecords,
        Optional<Duration> lag) {}

package io.flotilla.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads partitions that its user assigns. Within one assignment no record is skipped and none comes twice, whatever
 * happens to leaders and connections.
 *
 * <p><b>Threading:</b> not thread-safe: one thread at a time, and a second one fails with
 * {@link java.util.ConcurrentModificationException}. Only {@link #wakeup()} may be called by any thread.
 *
 * <p>Failures are {@code LogException}s; a partition that failed keeps failing {@link #poll} until it is sought
 * elsewhere or no longer assigned, so that no partition falls silent.
 */
public interface Consumer extends AutoCloseable {
    /**
     * Reads exactly these partitions from now on. One that was assigned before goes on where it was; a new one begins at
     * {@code start}. Partitions that are added to a topic later are read once they are assigned too.
     */
    void assign(Collection<TopicPartition> partitions, Position start);

    /** {@link #assign(Collection, Position)} from the beginning. */
    void assign(Collection<TopicPartition> partitions);

    Set<TopicPartition> assignment();

    /**
     * Moves a partition; records read ahead are dropped, and of large values those that begin in front of the position.
     * Returns at once: the position is looked up while polling.
     *
     * @throws IllegalArgumentException if the partition is not assigned
     */
    void seek(TopicPartition partition, Position position);

    /**
     * Returns the next records, at most {@link ConsumerSettings#pollRecordsMax()}: those of one partition in order of
     * their offsets. Waits for the first up to {@code timeout}; none in time is an empty list.
     *
     * @throws WakeupException if {@link #wakeup()} was called
     * @throws io.flotilla.protocol.error.LogException OFFSET_OUT_OF_RANGE (see {@link ConsumerSettings#outOfRange()}),
     *     UNKNOWN_TOPIC, UNKNOWN_PARTITION or CORRUPT_BATCH
     */
    List<ConsumerRecord> poll(Duration timeout);

    /**
     * Offset of the next record {@link #poll} will return of the partition, or, if it has read a part of a large value
     * whose end has yet to come, of that value's first part: where a consumer has to begin in order to miss nothing. Waits
     * for a position that is still being looked up.
     *
     * @throws IllegalArgumentException if the partition is not assigned
     * @throws io.flotilla.protocol.error.LogException TIMEOUT if the look-up does not end within the request timeout
     */
    long position(TopicPartition partition);

    /**
     * The first offset not yet committed, as far as the partition's leader said with its last message; empty before the
     * first.
     */
    OptionalLong highWatermark(TopicPartition partition);

    /** Committed records in front of the position, by the last known high watermark; empty while that is unknown. */
    OptionalLong lag(TopicPartition partition);

    /** Stops reading these partitions, without losing their position, until {@link #resume}. */
    void pause(Collection<TopicPartition> partitions);

    void resume(Collection<TopicPartition> partitions);

    Set<TopicPartition> paused();

    /**
     * The high watermark of each partition, asked of its leader: it covers every record acknowledged before the call.
     *
     * @throws io.flotilla.protocol.error.LogException TIMEOUT if an answer is missing after the request timeout
     */
    Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions);

    /** The first readable offset of each partition, asked of its leader; errors as {@link #endOffsets}. */
    Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions);

    /** Lets a poll that waits now, or else the next one, throw {@link WakeupException}. Any thread may call it. */
    void wakeup();

    /** Closing twice does no harm. */
    @Override
    void close();
}

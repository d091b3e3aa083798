package io.flotilla.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the partitions that its group's coordinator assigns to it, each from where the group has come to.
 *
 * <p><b>At least once:</b> what a {@link #poll} returned counts as processed when the next one begins, or when
 * {@link #commit()} is called; only what is processed is committed, never what was just returned. So whoever processes a
 * poll's records before the next poll loses none: after a failure the group begins at the last commit again.
 *
 * <p><b>Hand-over:</b> a partition that shall go to another member is given up inside {@code poll}, after what was processed
 * is committed; the others go on being read meanwhile. One that is neither polled nor closed within
 * {@link GroupSettings#revocationTimeout()} of that loses its membership.
 *
 * <p><b>Membership</b> is kept up in the background, as long as {@code poll} is called every
 * {@link GroupSettings#pollIntervalMax()}. When it is lost, its partitions are lost with it, and the next {@code poll} joins
 * again.
 *
 * <p><b>Threading:</b> not thread-safe: one thread at a time, and a second one fails with
 * {@link java.util.ConcurrentModificationException}. Only {@link #wakeup()} may be called by any thread. Futures complete on
 * threads of the client: what hangs on them must not block.
 */
public interface GroupConsumer extends AutoCloseable {
    /** Reads these topics from now on, and no others; at least one. */
    void subscribe(Collection<String> topics);

    /**
     * Reads the topics whose whole name matches from now on, and no others: those that exist, and those that come later.
     *
     * @param topicPattern a regular expression in the syntax of RE2; if the broker refuses it, {@link #poll} throws
     *     INVALID_REQUEST
     */
    void subscribePattern(String topicPattern);

    /** What is read now. It changes inside {@link #poll} only. */
    Set<TopicPartition> assignment();

    /**
     * Returns the next records, at most {@link ConsumerSettings#pollRecordsMax()}; those of one partition in order of their
     * offsets. Waits for the first up to {@code timeout}; none in time is an empty list.
     *
     * @throws WakeupException if {@link #wakeup()} was called
     * @throws io.flotilla.protocol.error.LogException as {@link Consumer#poll}; GROUP_FULL, INSTANCE_IN_USE (another process
     *     lives with the same instance id) or INVALID_REQUEST if the group does not take this member
     */
    List<ConsumerRecord> poll(Duration timeout);

    /**
     * Commits everything that was returned, and waits until it is durable.
     *
     * @throws io.flotilla.protocol.error.LogException FENCED_MEMBER_EPOCH or UNKNOWN_MEMBER if a partition has gone to another
     *     member meanwhile, which will process its records again; TIMEOUT if no answer came within the request timeout: it
     *     may be committed or not
     */
    void commit();

    /** {@link #commit()} without waiting. Commits take effect in the order in which they are asked for. */
    CompletableFuture<Void> commitAsync();

    /**
     * Commits these offsets, whatever was returned. Where producers send large values, {@link #position} is what to commit:
     * unlike a record's offset plus one, it is in front of those that are not complete.
     *
     * @throws io.flotilla.protocol.error.LogException as {@link #commit()}
     * @throws IllegalArgumentException if a partition is not assigned
     */
    void commit(Map<TopicPartition, CommittedOffset> offsets);

    /** {@link #commit(Map)} without waiting. */
    CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets);

    /**
     * What the group has committed; partitions without a committed offset are left out.
     *
     * @throws io.flotilla.protocol.error.LogException TIMEOUT if no answer came within the request timeout
     */
    Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions);

    /**
     * Moves an assigned partition.
     *
     * @throws IllegalArgumentException if the partition is not assigned
     */
    void seek(TopicPartition partition, Position position);

    /** As {@link Consumer#position}. */
    long position(TopicPartition partition);

    /** As {@link Consumer#highWatermark}. */
    OptionalLong highWatermark(TopicPartition partition);

    /** As {@link Consumer#lag}. */
    OptionalLong lag(TopicPartition partition);

    /** Stops reading these partitions until {@link #resume}; they stay this member's. */
    void pause(Collection<TopicPartition> partitions);

    void resume(Collection<TopicPartition> partitions);

    Set<TopicPartition> paused();

    /** Lets a poll that waits now, or else the next one, throw {@link WakeupException}. Any thread may call it. */
    void wakeup();

    /**
     * Commits what was processed, unless commits are the application's, and leaves the group; a static member keeps its place
     * for the session timeout. What the last poll returned counts as processed only if {@link #commit()} was called since, as
     * closing may follow on a failure. Takes at most the request timeout. Closing twice does no harm.
     */
    @Override
    void close();
}

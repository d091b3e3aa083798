package io.flotilla.client.group;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a member has processed its partitions, and how much of that is committed.
 *
 * <p>Threading: confined to the consumer's thread, but for what answers to commits tell.
 */
final class GroupProgress {
    private static final Logger LOG = LoggerFactory.getLogger(GroupProgress.class);

    private final OffsetCommitter committer;
    private final long intervalNanos;
    private final Map<TopicPartition, Long> processed = new HashMap<>();
    private final Map<TopicPartition, Mark> committed = new ConcurrentHashMap<>();
    private long dueNanos;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

    /** An offset that is committed, in one tenure: what another did with the partition in between does not count. */
    private record Mark(Assignment.Tenure tenure, long offset) {}

    /**
     * @param interval between commits of its own; 0 for none
     */
    GroupProgress(OffsetCommitter committer, Duration interval) {
        this.committer = committer;
        this.intervalNanos = interval.toNanos();
        this.dueNanos = System.nanoTime() + intervalNanos;
    }

    /** Whether it commits without being asked. */
    boolean commitsItself() {
        return intervalNanos > 0;
    }

    /** A partition begins at what is committed of it. */
    void begins(TopicPartition partition, Assignment.Tenure tenure, long offset) {
        committed.put(partition, new Mark(tenure, offset));
    }

    /** Everything in front of these positions is processed. */
    void processed(Map<TopicPartition, Long> positions) {
        processed.putAll(positions);
    }

    void forget(Collection<TopicPartition> partitions) {
        processed.keySet().removeAll(partitions);
        committed.keySet().removeAll(partitions);
    }

    /** Time until {@link #commitIfDue} has something to do; empty if it never has. */
    OptionalLong nanosUntilDue() {
        return commitsItself() ? OptionalLong.of(Math.max(1, dueNanos - System.nanoTime())) : OptionalLong.empty();
    }

    /** Commits what was processed, if the interval is over and the commit before is answered. */
    void commitIfDue(OffsetCommitter.Committer as) {
        long now = System.nanoTime();
        if (!commitsItself() || now - dueNanos < 0) {
            return;
        }
        dueNanos = now + intervalNanos;
        if (underWay.isDone()) {
            underWay = commit(as, processed.keySet());
            CompletableFuture<Void> unused = underWay.whenComplete((none, failure) -> {
                if (failure != null) { // the next one will commit more
                    LOG.warn("offsets were not committed cause={}", failure.getMessage());
                }
            });
        }
    }

    /** Commits what was processed of these partitions and is not committed yet. */
    CompletableFuture<Void> commit(OffsetCommitter.Committer as, Collection<TopicPartition> partitions) {
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Assignment.Tenure tenure = as.held().get(partition);
            Long offset = processed.get(partition);
            if (tenure != null && offset != null && !new Mark(tenure, offset).equals(committed.get(partition))) {
                offsets.put(partition, CommittedOffset.of(offset));
            }
        }
        return commit(as, offsets);
    }

    CompletableFuture<Void> commit(OffsetCommitter.Committer as, Map<TopicPartition, CommittedOffset> offsets) {
        return committer
                .commit(as, offsets)
                .thenRun(() -> offsets.forEach((partition, offset) -> {
                    Assignment.Tenure tenure = as.held().get(partition);
                    if (tenure != null) {
                        committed.put(partition, new Mark(tenure, offset.offset()));
                    }
                }));
    }
}

package io.flotilla.broker.fetch;

import io.flotilla.broker.replica.PartitionName;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.TimestampedOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Finds offsets by position or time, linearizably: every answer counts all that was committed before the question.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class OffsetFinder {
    /** What is looked for. */
    public enum Position {
        /** The first record still readable. */
        EARLIEST,
        /** The high watermark. */
        LATEST,
        /** The first record of a time or later. */
        TIMESTAMP
    }

    /**
     * @param timestampMillis the found record's own time; empty unless a record was found by time
     */
    public record Found(long offset, OptionalLong timestampMillis) {
        static Found at(long offset) {
            return new Found(offset, OptionalLong.empty());
        }
    }

    private final ReplicaLookup replicas;
    private final Executor readers;

    /**
     * @param readers runs searches, which read from disk
     */
    public OffsetFinder(ReplicaLookup replicas, Executor readers) {
        this.replicas = replicas;
        this.readers = readers;
    }

    /**
     * @param timestampMillis counts for {@link Position#TIMESTAMP} only
     */
    public CompletableFuture<Found> find(PartitionName name, Position position, long timestampMillis) {
        try {
            Partition partition = replicas.leading(name);
            return partition
                    .readBarrier()
                    .thenApplyAsync(nothing -> found(partition, position, timestampMillis), readers);
        } catch (LogException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private static Found found(Partition partition, Position position, long timestampMillis) {
        return switch (position) {
            case EARLIEST -> Found.at(partition.logStartOffset());
            case LATEST -> Found.at(partition.highWatermark());
            case TIMESTAMP -> {
                // Taken before the search: records that come while it runs are after the question.
                long highWatermark = partition.highWatermark();
                Optional<TimestampedOffset> record = partition.firstAtOrAfter(timestampMillis);
                yield record.map(first -> new Found(first.offset(), OptionalLong.of(first.timestampMillis())))
                        .orElseGet(() -> Found.at(highWatermark));
            }
        };
    }
}

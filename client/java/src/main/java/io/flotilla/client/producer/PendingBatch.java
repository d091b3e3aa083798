package io.flotilla.client.producer;

import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records that travel together, from the first that was added to the answer for all.
 *
 * <p>Threading: guarded by its {@link Accumulator} until that hands it out, then confined to the sender thread.
 */
final class PendingBatch {
    private static final int TIMESTAMPS_AT_FIRST = 16;

    private final Compression compression;
    private final BatchBuilder builder;
    private final long createdNanos;
    private final List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private long[] timestamps = new long[TIMESTAMPS_AT_FIRST];
    private long budgetBytes;
    private boolean sent;
    private long sentNanos;
    private @Nullable ByteBuffer bytes;

    /**
     * @param bytesMax limit of the batch, in bytes
     */
    PendingBatch(Compression compression, int bytesMax, long createdNanos) {
        this.compression = compression;
        this.builder = new BatchBuilder(compression, bytesMax);
        this.createdNanos = createdNanos;
    }

    /**
     * @param bytesOfBudget what the record has taken of the buffer's budget
     * @return null if the batch has no room for the record
     * @throws LogException RECORD_TOO_LARGE if the record would not fit an empty batch either
     */
    @Nullable
    CompletableFuture<RecordMetadata> tryAppend(ProducerRecord record, long timestampMillis, long bytesOfBudget) {
        if (!builder.tryAppend(timestampMillis, record.key(), record.value(), record.headers())) {
            return null;
        }
        if (timestamps.length == futures.size()) {
            timestamps = Arrays.copyOf(timestamps, timestamps.length * 2);
        }
        timestamps[futures.size()] = timestampMillis;
        CompletableFuture<RecordMetadata> future = new CompletableFuture<>();
        futures.add(future);
        budgetBytes += bytesOfBudget;
        return future;
    }

    long createdNanos() {
        return createdNanos;
    }

    int estimatedBytes() {
        return builder.estimatedBytes();
    }

    int recordCount() {
        return futures.size();
    }

    /** Bytes of the buffer's budget to give back when the batch is settled. */
    long budgetBytes() {
        return budgetBytes;
    }

    /** Encodes the batch; the same bytes then go out with each attempt under this identity. */
    void number(ProducerIdentity identity, int baseSequence) {
        BatchBuilder source = bytes == null ? builder : copyOf(bytes);
        bytes = source.build(identity.producerId(), identity.producerEpoch(), baseSequence);
    }

    /** The records once more: an identity was given up, and the batch's checksum covers it. */
    private BatchBuilder copyOf(ByteBuffer built) {
        BatchBuilder copy = new BatchBuilder(compression, builder.estimatedBytes());
        for (LogRecord record : RecordBatch.at(built, 0).records()) {
            if (!copy.tryAppend(record.timestampMillis(), record.key(), record.value(), record.headers())) {
                throw new IllegalStateException("a batch does not fit its own size");
            }
        }
        return copy;
    }

    /** What {@link #number} made. */
    ByteBuffer bytes() {
        if (bytes == null) {
            throw new IllegalStateException("the batch has no sequence yet");
        }
        return bytes.duplicate();
    }

    /** Notes that it goes out now; whether for the first time. */
    boolean sending(long nowNanos) {
        boolean first = !sent;
        sent = true;
        sentNanos = nowNanos;
        return first;
    }

    boolean wasSent() {
        return sent;
    }

    /** When it went out last. */
    long sentNanos() {
        return sentNanos;
    }

    /** Completes, always normally, once every record's future has completed. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    void acknowledge(TopicPartition partition, long baseOffset, int leaderEpoch, boolean duplicate) {
        for (int i = 0; i < futures.size(); i++) {
            futures.get(i)
                    .complete(new RecordMetadata(partition, baseOffset + i, timestamps[i], leaderEpoch, duplicate));
        }
        settled.complete(null);
    }

    void fail(LogException failure) {
        for (CompletableFuture<RecordMetadata> future : futures) {
            future.completeExceptionally(failure);
        }
        settled.complete(null);
    }
}

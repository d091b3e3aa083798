package io.flotilla.client.producer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.record.RecordHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that have no sequence yet, gathered into batches. Decides when a batch goes: it is full,
 * it has lingered, or somebody flushes.
 *
 * <p>Threading: safe. Time is passed in.
 */
final class Accumulator {
    /** Length, attributes, deltas and counts of one record at most, beside its key, value and headers. */
    private static final int RECORD_OVERHEAD_BYTES_MAX = 40;

    private static final int HEADER_OVERHEAD_BYTES_MAX = 10;
    private static final int UTF8_BYTES_MAX = 3;

    private final ProducerSettings settings;
    private final int messageBytesMax;
    private final Consumer<PendingBatch> onBegun;

    @GuardedBy("this")
    private final ArrayDeque<PendingBatch> batches = new ArrayDeque<>();

    /** Batches from the front that need not linger: there was a flush since their first record. */
    @GuardedBy("this")
    private int flushed;

    @GuardedBy("this")
    private boolean closed;

    /**
     * @param messageBytesMax largest batch the topic accepts, in bytes
     * @param onBegun         hears of each new batch before its first record's future is returned
     */
    Accumulator(ProducerSettings settings, int messageBytesMax, Consumer<PendingBatch> onBegun) {
        this.settings = settings;
        this.messageBytesMax = messageBytesMax;
        this.onBegun = onBegun;
    }

    /**
     * An added record.
     *
     * @param wakeSender whether the sender has something new to decide: a batch began or became full
     */
    record Added(CompletableFuture<RecordMetadata> future, boolean wakeSender) {}

    /**
     * @param bytesOfBudget what the record has taken of the buffer's budget
     * @throws Refused RECORD_TOO_LARGE if the topic takes no batch that large
     * @throws IllegalStateException if the producer is closed
     */
    synchronized Added add(ProducerRecord record, long timestampMillis, long bytesOfBudget, long nowNanos) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        PendingBatch last = batches.size() > flushed ? batches.peekLast() : null;
        if (last != null && last.estimatedBytes() < settings.batchBytes()) {
            CompletableFuture<RecordMetadata> future = last.tryAppend(record, timestampMillis, bytesOfBudget);
            if (future != null) {
                return new Added(future, last.estimatedBytes() >= settings.batchBytes());
            }
        }
        PendingBatch fresh = new PendingBatch(settings.compression(), batchBytesFor(record), nowNanos);
        // An empty batch takes any record, or throws.
        CompletableFuture<RecordMetadata> future =
                Objects.requireNonNull(fresh.tryAppend(record, timestampMillis, bytesOfBudget));
        onBegun.accept(fresh);
        batches.add(fresh);
        return new Added(future, true);
    }

    /** Largest batch the topic accepts, in bytes. */
    int messageBytesMax() {
        return messageBytesMax;
    }

    /** The usual size, or, for a record that alone is larger, what the topic takes. */
    private int batchBytesFor(ProducerRecord record) {
        int usual = Math.min(settings.batchBytes(), messageBytesMax);
        return sizeOf(record) + RecordBatch.HEADER_BYTES > usual ? messageBytesMax : usual;
    }

    /** Upper bound of a record's encoded size in bytes. */
    static int sizeOf(ProducerRecord record) {
        long size = RECORD_OVERHEAD_BYTES_MAX + lengthOf(record.key()) + lengthOf(record.value());
        for (RecordHeader header : record.headers()) {
            size += HEADER_OVERHEAD_BYTES_MAX
                    + (long) header.key().length() * UTF8_BYTES_MAX
                    + lengthOf(header.value());
        }
        return (int) Math.min(size, Integer.MAX_VALUE / 2);
    }

    private static long lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Takes out the first batch if it is to be sent now. */
    synchronized Optional<PendingBatch> pollReady(long nowNanos) {
        PendingBatch first = batches.peekFirst();
        if (first == null || readyAt(first) - nowNanos > 0) {
            return Optional.empty();
        }
        batches.removeFirst();
        flushed = Math.max(0, flushed - 1);
        return Optional.of(first);
    }

    /** When the first batch is to be sent, by the clock of {@link System#nanoTime}; empty if there is none. */
    synchronized Optional<Long> nextReadyNanos() {
        return Optional.ofNullable(batches.peekFirst()).map(this::readyAt);
    }

    /** When the first batch was begun; empty if there is none. */
    synchronized Optional<Long> oldestNanos() {
        return Optional.ofNullable(batches.peekFirst()).map(PendingBatch::createdNanos);
    }

    @GuardedBy("this")
    private long readyAt(PendingBatch first) {
        boolean waitsForNothing =
                batches.size() > 1 || flushed > 0 || closed || first.estimatedBytes() >= settings.batchBytes();
        return waitsForNothing
                ? first.createdNanos()
                : first.createdNanos() + settings.linger().toNanos();
    }

    /** Lets everything added so far go without lingering, and returns the batches it is in. */
    synchronized List<PendingBatch> flush() {
        flushed = batches.size();
        return new ArrayList<>(batches);
    }

    /** Takes out the first batch if it was begun at {@code latestNanos} or before. */
    synchronized Optional<PendingBatch> pollOlderThan(long latestNanos) {
        PendingBatch first = batches.peekFirst();
        if (first == null || first.createdNanos() - latestNanos > 0) {
            return Optional.empty();
        }
        batches.removeFirst();
        flushed = Math.max(0, flushed - 1);
        return Optional.of(first);
    }

    /** Takes out everything. */
    synchronized List<PendingBatch> drain() {
        List<PendingBatch> all = new ArrayList<>(batches);
        batches.clear();
        flushed = 0;
        return all;
    }

    /** Takes no further records. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isEmpty() {
        return batches.isEmpty();
    }
}

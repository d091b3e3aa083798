package io.flotilla.protocol.record;

import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;

/**
 * Decides once, at the edge, whether the batch of a client may enter the log; past it batches are trusted and opaque.
 * One pass over the bytes without an object per record; compressed records are inflated as a stream and dropped.
 */
public final class BatchValidator {
    /** Limit in bytes of inflated records, by which a small batch cannot take much memory from its readers. */
    public static final int INFLATED_BYTES_MAX = 64 * 1024 * 1024;

    /** Inflated records may be this many times as large as the largest batch: lower for small limits than the above. */
    public static final int INFLATED_TO_MAX_BYTES = 32;

    private static final int KNOWN_ATTRIBUTES = RecordBatch.CODEC_BITS
            | RecordBatch.LOG_APPEND_TIME_BIT
            | RecordBatch.TRANSACTIONAL_BIT
            | RecordBatch.CONTROL_BIT
            | RecordBatch.DELETE_HORIZON_BIT;

    private BatchValidator() {}

    /**
     * Checks length, magic, checksum, attributes, counts, offset deltas, timestamps, producer and the form of every
     * record. Some clients leave the max timestamp unset, on which the search by time relies: it is then corrected, as
     * Kafka's broker does, in a copy.
     *
     * @param batch    exactly one batch, from position to limit, both of which stay
     * @param maxBytes size in bytes of the largest batch allowed
     * @return the batch to store: a view of the buffer given, or of a corrected copy
     * @throws Refused RECORD_TOO_LARGE if the batch, or its records inflated, exceed the limit; UNSUPPORTED_VERSION for
     *     magic 0 and 1; UNSUPPORTED_COMPRESSION for an unknown codec; CORRUPT_BATCH if the bytes are not what their
     *     sender made; INVALID_RECORD if they are, and break a rule
     */
    public static RecordBatch validate(ByteBuffer batch, int maxBytes) {
        int size = batch.remaining();
        if (size > maxBytes) {
            throw BatchFault.tooLarge("batch", size, maxBytes);
        }
        RecordBatch view = RecordBatch.at(batch, batch.position());
        if (view.sizeInBytes() != size) {
            throw BatchFault.corrupt(
                    "batch of " + view.sizeInBytes() + " bytes is followed by others, " + size + " in all",
                    "size_bytes",
                    size);
        }
        view.checkCrc();
        checkAttributes(view);
        checkCounts(view);
        checkProducer(view);
        long maxTimestamp = checkRecords(view, inflatedBytesMax(maxBytes));
        return view.maxTimestamp() == maxTimestamp ? view : view.withMaxTimestamp(maxTimestamp);
    }

    private static long inflatedBytesMax(int maxBytes) {
        return Math.min(INFLATED_BYTES_MAX, (long) maxBytes * INFLATED_TO_MAX_BYTES);
    }

    private static void checkAttributes(RecordBatch batch) {
        short attributes = batch.attributes();
        batch.compression();
        require((attributes & ~KNOWN_ATTRIBUTES) == 0, "reserved bits are set in attributes ", attributes);
        require(!batch.isControl(), "control batches come from brokers only: attributes ", attributes);
        require(!batch.isTransactional(), "transactions are not offered: attributes ", attributes);
        require(
                (attributes & RecordBatch.DELETE_HORIZON_BIT) == 0,
                "a delete horizon comes from compaction only: attributes ",
                attributes);
        require(!batch.isLogAppendTime(), "log append time comes from brokers only: attributes ", attributes);
    }

    private static void require(boolean rule, String broken, short attributes) {
        if (!rule) {
            throw BatchFault.invalid(
                    broken + "0x" + Integer.toHexString(attributes & 0xffff), "attributes", attributes);
        }
    }

    private static void checkCounts(RecordBatch batch) {
        int count = batch.recordCount();
        if (count <= 0) {
            throw BatchFault.invalid("batch has " + count + " records, it needs 1 or more", "record_count", count);
        }
        if (batch.lastOffsetDelta() != count - 1) {
            throw BatchFault.invalid(
                    "last offset delta " + batch.lastOffsetDelta() + " does not fit " + count + " records",
                    "last_offset_delta",
                    batch.lastOffsetDelta());
        }
    }

    /** Without a producer, epoch and sequence mean nothing, and clients differ in what they put there. */
    private static void checkProducer(RecordBatch batch) {
        if (batch.producerId() < RecordBatch.NO_PRODUCER) {
            throw BatchFault.invalid(
                    "producer id " + batch.producerId() + " is below -1", "producer_id", batch.producerId());
        }
        if (batch.hasProducer() && batch.producerEpoch() < 0) {
            throw BatchFault.invalid(
                    "producer epoch " + batch.producerEpoch() + " of producer " + batch.producerId() + " is negative",
                    "producer_epoch",
                    batch.producerEpoch());
        }
        if (batch.hasProducer() && batch.baseSequence() < 0) {
            throw BatchFault.invalid(
                    "base sequence " + batch.baseSequence() + " of producer " + batch.producerId() + " is negative",
                    "base_sequence",
                    batch.baseSequence());
        }
    }

    /** Returns the largest timestamp. */
    private static long checkRecords(RecordBatch batch, long inflatedBytesMax) {
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        try (RecordCursor cursor = RecordCursor.open(batch, inflatedBytesMax)) {
            for (int expected = 0; cursor.advance(); expected++) {
                if (cursor.offsetDelta() != expected) {
                    throw BatchFault.invalid(
                            "record " + expected + " has offset delta " + cursor.offsetDelta(),
                            "offset_delta",
                            cursor.offsetDelta());
                }
                if (cursor.timestampMillis() < RecordBatch.NO_TIMESTAMP) {
                    throw BatchFault.invalid(
                            "record " + expected + " has timestamp " + cursor.timestampMillis() + ", below -1",
                            "timestamp_millis",
                            cursor.timestampMillis());
                }
                maxTimestamp = Math.max(maxTimestamp, cursor.timestampMillis());
                cursor.skip();
            }
        }
        return maxTimestamp;
    }
}

package io.flotilla.protocol.record;

import io.flotilla.protocol.error.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers records into one batch of a producer, bounded in bytes. Records are written in their final form as they come,
 * behind the room that the header will take, so that an uncompressed batch is never copied.
 *
 * <p>Threading: confined to one thread at a time.
 */
public final class BatchBuilder {
    /** Size in bytes of the buffer at first, if the limit allows it; it doubles when full. */
    private static final int INITIAL_BYTES = 1024;

    private static final int NULL_LENGTH = -1;

    private final Compression compression;
    private final int maxBytes;
    private byte[] bytes;
    private int size = RecordBatch.HEADER_BYTES;
    private int recordCount;
    private long baseTimestamp = RecordBatch.NO_TIMESTAMP;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private boolean built;

    /**
     * @param maxBytes limit of {@link #estimatedBytes}, and so of the finished batch; at least {@link
     *     RecordBatch#HEADER_BYTES}
     */
    public BatchBuilder(Compression compression, int maxBytes) {
        if (maxBytes < RecordBatch.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "maxBytes " + maxBytes + " is below the header's " + RecordBatch.HEADER_BYTES);
        }
        this.compression = compression;
        this.maxBytes = maxBytes;
        this.bytes = new byte[Math.min(INITIAL_BYTES, maxBytes)];
    }

    /**
     * Appends a record, whose bytes are copied.
     *
     * @param timestampMillis milliseconds since the epoch, or -1 for none
     * @return false if the batch is too full for the record and stays as it was
     * @throws Refused RECORD_TOO_LARGE if the record would not even fit alone, which is asked of the first one only;
     *     INVALID_RECORD if the timestamp is below -1
     */
    public boolean tryAppend(
            long timestampMillis, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
        requireOpen();
        if (timestampMillis < RecordBatch.NO_TIMESTAMP) {
            throw BatchFault.invalid(
                    "timestamp " + timestampMillis + " is below " + RecordBatch.NO_TIMESTAMP,
                    "timestamp_millis",
                    timestampMillis);
        }
        long timestampDelta = recordCount == 0 ? 0 : timestampMillis - baseTimestamp;
        long bodyBytes = bodyBytes(timestampDelta, key, value, headers);
        long sizeAfter = size + Varint.sizeOf(bodyBytes) + bodyBytes;
        if (sizeAfter > maxBytes) {
            if (recordCount == 0) {
                throw BatchFault.tooLarge("batch of one record", sizeAfter, maxBytes);
            }
            return false;
        }
        reserve((int) sizeAfter);
        writeVarint(bodyBytes);
        bytes[size++] = 0; // attributes
        writeVarint(timestampDelta);
        writeVarint(recordCount);
        writeSized(key);
        writeSized(value);
        writeVarint(headers.size());
        for (RecordHeader header : headers) {
            writeSized(header.key().getBytes(StandardCharsets.UTF_8));
            writeSized(header.value());
        }
        baseTimestamp = recordCount == 0 ? timestampMillis : baseTimestamp;
        maxTimestamp = Math.max(maxTimestamp, timestampMillis);
        recordCount++;
        return true;
    }

    public int recordCount() {
        return recordCount;
    }

    /** Bytes of the batch so far, header included, if it is not compressed. */
    public int estimatedBytes() {
        return size;
    }

    /**
     * Finishes the batch; the builder is then spent. Records that their codec would blow up beyond the limit are left
     * uncompressed, so the limit holds for the result.
     *
     * @param producerId    0 or more; -1 for no producer, then epoch and sequence are -1 too
     * @param producerEpoch 0 or more
     * @param baseSequence  sequence number of the first record, from 0 to 2^31 - 1
     * @return the batch with base offset 0 and leader epoch -1, from the buffer's position 0 to its limit; the caller
     *     owns it
     * @throws IllegalStateException if there is no record, or the batch was built before
     */
    public ByteBuffer build(long producerId, short producerEpoch, int baseSequence) {
        requireOpen();
        if (recordCount == 0) {
            throw new IllegalStateException("a batch needs a record");
        }
        boolean identified = producerId >= 0 && producerEpoch >= 0 && baseSequence >= 0;
        boolean anonymous = producerId == RecordBatch.NO_PRODUCER
                && producerEpoch == RecordBatch.NO_PRODUCER
                && baseSequence == RecordBatch.NO_PRODUCER;
        if (!identified && !anonymous) {
            throw new IllegalArgumentException("producer id " + producerId + ", epoch " + producerEpoch
                    + ", base sequence " + baseSequence + " are neither all 0 or more nor all -1");
        }
        built = true;
        Compression used = Compression.NONE;
        ByteBuffer batch = ByteBuffer.wrap(bytes, 0, size).slice();
        if (compression != Compression.NONE) {
            ByteBuffer compressed = compress();
            if (compressed.limit() <= maxBytes) {
                batch = compressed;
                used = compression;
            }
        }
        bytes = new byte[0]; // a caller may keep the builder for its counts; the batch is no longer ours
        return batch.putLong(RecordBatch.BASE_OFFSET_AT, 0)
                .putInt(RecordBatch.LENGTH_AT, batch.limit() - RecordBatch.LENGTH_OVERHEAD_BYTES)
                .putInt(RecordBatch.LEADER_EPOCH_AT, -1)
                .put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC)
                .putShort(RecordBatch.ATTRIBUTES_AT, (short) used.id())
                .putInt(RecordBatch.LAST_OFFSET_DELTA_AT, recordCount - 1)
                .putLong(RecordBatch.BASE_TIMESTAMP_AT, baseTimestamp)
                .putLong(RecordBatch.MAX_TIMESTAMP_AT, maxTimestamp)
                .putLong(RecordBatch.PRODUCER_ID_AT, producerId)
                .putShort(RecordBatch.PRODUCER_EPOCH_AT, producerEpoch)
                .putInt(RecordBatch.BASE_SEQUENCE_AT, baseSequence)
                .putInt(RecordBatch.RECORD_COUNT_AT, recordCount)
                .putInt(RecordBatch.CRC_AT, RecordBatch.crcOf(batch));
    }

    private ByteBuffer compress() {
        HeadedOutput output = new HeadedOutput(size / 2 + RecordBatch.HEADER_BYTES);
        try (OutputStream records = RecordCodec.compressing(compression, output)) {
            records.write(bytes, RecordBatch.HEADER_BYTES, size - RecordBatch.HEADER_BYTES);
            records.flush(); // as Kafka's clients do; zstd then ends in an empty block of 3 bytes
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return output.batch();
    }

    private void requireOpen() {
        if (built) {
            throw new IllegalStateException("the batch was built before");
        }
    }

    /** Bytes of a record after its length field. */
    private long bodyBytes(
            long timestampDelta, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
        long sum =
                1L + Varint.sizeOf(timestampDelta) + Varint.sizeOf(recordCount) + sizedBytes(key) + sizedBytes(value);
        sum += Varint.sizeOf(headers.size());
        for (RecordHeader header : headers) {
            int keyBytes = utf8Bytes(header.key());
            sum += Varint.sizeOf(keyBytes) + (long) keyBytes + sizedBytes(header.value());
        }
        return sum;
    }

    private static long sizedBytes(byte @Nullable [] field) {
        return field == null ? Varint.sizeOf(NULL_LENGTH) : Varint.sizeOf(field.length) + (long) field.length;
    }

    /** Length of {@code text} in UTF-8, counted without encoding it; an unpaired surrogate becomes one {@code ?}. */
    private static int utf8Bytes(String text) {
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                sum += 1;
            } else if (unit < 0x800) {
                sum += 2;
            } else if (!Character.isSurrogate(unit)) {
                sum += 3;
            } else if (i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1))) {
                sum += 4;
                i++;
            } else {
                sum += 1;
            }
        }
        return sum;
    }

    private void reserve(int sizeAfter) {
        if (sizeAfter > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(sizeAfter, 2L * bytes.length)));
        }
    }

    private void writeVarint(long value) {
        size = Varint.write(value, bytes, size);
    }

    private void writeSized(byte @Nullable [] field) {
        if (field == null) {
            writeVarint(NULL_LENGTH);
        } else {
            writeVarint(field.length);
            System.arraycopy(field, 0, bytes, size, field.length);
            size += field.length;
        }
    }

    /** Collects compressed records behind the room for the header. */
    private static final class HeadedOutput extends ByteArrayOutputStream {
        HeadedOutput(int capacity) {
            super(capacity);
            count = RecordBatch.HEADER_BYTES;
        }

        ByteBuffer batch() {
            return ByteBuffer.wrap(buf, 0, count).slice();
        }
    }
}

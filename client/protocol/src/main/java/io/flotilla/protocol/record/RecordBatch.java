package io.flotilla.protocol.record;

import io.flotilla.protocol.error.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.CRC32C;

/**
 * One batch of records, seen in place: fields are read from the buffer when asked for, nothing is copied. The package's
 * documentation has the table of the format.
 *
 * <p>A view promises that the batch fits its buffer and has magic 2. That its checksum holds and its records can be
 * read is known after {@link BatchValidator#validate}, or after {@link #checkCrc} for a batch that was validated once.
 *
 * <p>Threading: safe for readers as long as nobody writes to the buffer.
 */
public final class RecordBatch {
    /** Bytes before the first record. */
    public static final int HEADER_BYTES = 61;

    /** The only version of the format that is stored. */
    public static final byte MAGIC = 2;

    /** Value of producer id, epoch and base sequence of a batch without a producer. */
    public static final int NO_PRODUCER = -1;

    /** Value of a timestamp that its producer did not set. */
    public static final long NO_TIMESTAMP = -1;

    static final int BASE_OFFSET_AT = 0;
    static final int LENGTH_AT = 8;
    static final int LEADER_EPOCH_AT = 12;
    static final int MAGIC_AT = 16;
    static final int CRC_AT = 17;
    static final int ATTRIBUTES_AT = 21;
    static final int LAST_OFFSET_DELTA_AT = 23;
    static final int BASE_TIMESTAMP_AT = 27;
    static final int MAX_TIMESTAMP_AT = 35;
    static final int PRODUCER_ID_AT = 43;
    static final int PRODUCER_EPOCH_AT = 51;
    static final int BASE_SEQUENCE_AT = 53;
    static final int RECORD_COUNT_AT = 57;

    /** Bytes up to and including the length field, which that field does not count. */
    static final int LENGTH_OVERHEAD_BYTES = LEADER_EPOCH_AT;

    static final int CODEC_BITS = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    /** Exactly this batch, from 0 to its size. */
    private final ByteBuffer bytes;

    private RecordBatch(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Views the batch that begins at {@code position}.
     *
     * @param buffer   read from {@code position} up to its limit; its own position does not matter
     * @param position index from 0 to the buffer's limit
     * @throws Refused CORRUPT_BATCH if no whole batch lies there, UNSUPPORTED_VERSION if it has magic 0 or 1
     */
    public static RecordBatch at(ByteBuffer buffer, int position) {
        int available = buffer.limit() - position;
        ByteBuffer rest = buffer.slice(position, available);
        if (available > MAGIC_AT) {
            checkMagic(rest.get(MAGIC_AT));
        }
        if (available < HEADER_BYTES) {
            throw BatchFault.corrupt(
                    "only " + available + " bytes are left for a batch, whose header alone has " + HEADER_BYTES,
                    "available_bytes",
                    available);
        }
        int length = rest.getInt(LENGTH_AT);
        if (length < HEADER_BYTES - LENGTH_OVERHEAD_BYTES || length > available - LENGTH_OVERHEAD_BYTES) {
            throw BatchFault.corrupt(
                    "batch length " + length + " is outside [" + (HEADER_BYTES - LENGTH_OVERHEAD_BYTES) + ", "
                            + (available - LENGTH_OVERHEAD_BYTES) + "], what its buffer can hold",
                    "batch_length",
                    length);
        }
        return new RecordBatch(rest.slice(0, LENGTH_OVERHEAD_BYTES + length));
    }

    private static void checkMagic(byte magic) {
        if (magic == 0 || magic == 1) {
            throw BatchFault.unsupportedMagic(magic);
        }
        if (magic != MAGIC) {
            throw BatchFault.corrupt("batch has magic " + magic + ", expected " + MAGIC, "magic", magic);
        }
    }

    /**
     * Walks batches that lie back to back from the buffer's position to its limit. The buffer's position stays. Where
     * no whole batch follows, {@code next} fails like {@link #at}.
     */
    public static Iterable<RecordBatch> in(ByteBuffer batches) {
        int start = batches.position();
        return () -> new Iterator<>() {
            private int position = start;

            @Override
            public boolean hasNext() {
                return position < batches.limit();
            }

            @Override
            public RecordBatch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no batch after byte " + position);
                }
                RecordBatch batch = at(batches, position);
                position += batch.sizeInBytes();
                return batch;
            }
        };
    }

    /**
     * Gives the batch at {@code position} its place in a partition. The two fields lie outside the checksum, so it
     * holds before and after.
     */
    public static void place(ByteBuffer buffer, int position, long baseOffset, int partitionLeaderEpoch) {
        ByteBuffer bigEndian = buffer.duplicate();
        bigEndian.putLong(position + BASE_OFFSET_AT, baseOffset);
        bigEndian.putInt(position + LEADER_EPOCH_AT, partitionLeaderEpoch);
    }

    /** Offset of the first record; 0 while a producer holds the batch. */
    public long baseOffset() {
        return bytes.getLong(BASE_OFFSET_AT);
    }

    /** Bytes of the whole batch, header included. */
    public int sizeInBytes() {
        return bytes.limit();
    }

    /** Epoch of the leader that appended the batch; -1 while a producer holds it. */
    public int partitionLeaderEpoch() {
        return bytes.getInt(LEADER_EPOCH_AT);
    }

    public byte magic() {
        return bytes.get(MAGIC_AT);
    }

    /** CRC-32C as stored. */
    public int crc() {
        return bytes.getInt(CRC_AT);
    }

    public short attributes() {
        return bytes.getShort(ATTRIBUTES_AT);
    }

    /**
     * @throws Refused UNSUPPORTED_COMPRESSION if the attributes name an unknown codec
     */
    public Compression compression() {
        return Compression.ofId(attributes() & CODEC_BITS);
    }

    /** Whether the records are markers for the log's readers, not data. */
    public boolean isControl() {
        return (attributes() & CONTROL_BIT) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_BIT) != 0;
    }

    /** Whether the records' time is that of the append ({@link #maxTimestamp} for all) rather than the producer's. */
    public boolean isLogAppendTime() {
        return (attributes() & LOG_APPEND_TIME_BIT) != 0;
    }

    public int lastOffsetDelta() {
        return bytes.getInt(LAST_OFFSET_DELTA_AT);
    }

    /** Offset of the last record; stays what it was if compaction removed that record. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** Milliseconds since the epoch to which the records' timestamps are relative; -1 for none. */
    public long baseTimestamp() {
        return bytes.getLong(BASE_TIMESTAMP_AT);
    }

    /** Largest timestamp of the records in milliseconds since the epoch; -1 for none. */
    public long maxTimestamp() {
        return bytes.getLong(MAX_TIMESTAMP_AT);
    }

    /** -1 for none. */
    public long producerId() {
        return bytes.getLong(PRODUCER_ID_AT);
    }

    /** -1 for none. */
    public short producerEpoch() {
        return bytes.getShort(PRODUCER_EPOCH_AT);
    }

    /** Sequence number of the first record, from 0 to 2^31 - 1; -1 for none. */
    public int baseSequence() {
        return bytes.getInt(BASE_SEQUENCE_AT);
    }

    /** Sequence number of the last record; -1 for none. After 2^31 - 1 comes 0. */
    public int lastSequence() {
        int base = baseSequence();
        return base == NO_PRODUCER ? NO_PRODUCER : (base + lastOffsetDelta()) & Integer.MAX_VALUE;
    }

    public int recordCount() {
        return bytes.getInt(RECORD_COUNT_AT);
    }

    /** Whether the batch names the producer that numbered it, so that sending it twice stores it once. */
    public boolean hasProducer() {
        return producerId() != NO_PRODUCER;
    }

    /** A read-only view of exactly this batch, from 0 to its size. */
    public ByteBuffer buffer() {
        return bytes.asReadOnlyBuffer();
    }

    /**
     * Decodes the records into lists and arrays of their own. Compressed ones may inflate to {@link
     * BatchValidator#INFLATED_BYTES_MAX}.
     *
     * @throws Refused CORRUPT_BATCH if they cannot be read, RECORD_TOO_LARGE if they inflate beyond the limit,
     *     UNSUPPORTED_COMPRESSION if their codec is unknown
     */
    public List<LogRecord> records() {
        List<LogRecord> records = new ArrayList<>();
        try (RecordCursor cursor = RecordCursor.open(this, BatchValidator.INFLATED_BYTES_MAX)) {
            while (cursor.advance()) {
                records.add(cursor.read());
            }
        }
        return Collections.unmodifiableList(records);
    }

    /** The records as stored, compressed or not. */
    ByteBuffer recordsSection() {
        return bytes.slice(HEADER_BYTES, bytes.limit() - HEADER_BYTES);
    }

    /** A copy with another max timestamp, and the checksum that it takes. */
    RecordBatch withMaxTimestamp(long maxTimestamp) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.limit()).put(0, bytes, 0, bytes.limit());
        copy.putLong(MAX_TIMESTAMP_AT, maxTimestamp);
        copy.putInt(CRC_AT, crcOf(copy));
        return new RecordBatch(copy);
    }

    /**
     * @throws Refused CORRUPT_BATCH if the bytes from the attributes to the end are not those that were checksummed
     */
    public void checkCrc() {
        int computed = crcOf(bytes);
        if (computed != crc()) {
            throw BatchFault.corrupt(
                    "batch at offset " + baseOffset() + " has CRC-32C " + Integer.toHexString(computed)
                            + ", its header says " + Integer.toHexString(crc()),
                    "crc",
                    Integer.toUnsignedLong(computed));
        }
    }

    /** CRC-32C of what the checksum covers in a buffer that holds one batch from 0 to its limit. */
    static int crcOf(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return "RecordBatch[baseOffset=" + baseOffset() + ", lastOffsetDelta=" + lastOffsetDelta() + ", sizeInBytes="
                + sizeInBytes() + ", attributes=" + attributes() + ", producerId=" + producerId() + ", producerEpoch="
                + producerEpoch() + ", baseSequence=" + baseSequence() + ", records=" + recordCount() + "]";
    }
}

package io.flotilla.protocol.record;

import io.flotilla.protocol.error.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a batch in one pass. After {@link #advance} the record's offset delta and timestamp are known;
 * then either {@link #skip} or {@link #read} must take its rest. Both check every length, and a skipped record costs no
 * object.
 */
final class RecordCursor implements AutoCloseable {
    /** Fewest bytes of a record after its length: attributes, two deltas, two lengths, header count. */
    private static final int BODY_BYTES_MIN = 6;

    /** Fewest bytes of a header: two lengths. */
    private static final int HEADER_BYTES_MIN = 2;

    private final RecordBatch batch;
    private final RecordsInput input;
    private final int recordCount;
    private int advanced;
    private long recordEnd;
    private int offsetDelta;
    private long timestampMillis;

    private RecordCursor(RecordBatch batch, RecordsInput input) {
        this.batch = batch;
        this.input = input;
        this.recordCount = batch.recordCount();
    }

    /**
     * @param inflatedBytesMax limit in bytes of compressed records when inflated
     * @throws Refused CORRUPT_BATCH if they cannot be inflated, UNSUPPORTED_COMPRESSION if their codec is unknown
     */
    static RecordCursor open(RecordBatch batch, long inflatedBytesMax) {
        return new RecordCursor(
                batch, RecordsInput.open(batch.compression(), batch.recordsSection(), inflatedBytesMax));
    }

    /**
     * Moves to the next record.
     *
     * @return false after the last one, when nothing is left
     * @throws Refused CORRUPT_BATCH if records and record count do not agree, or the record is malformed;
     *     RECORD_TOO_LARGE if they inflate beyond the limit
     */
    boolean advance() {
        if (advanced == recordCount) {
            if (!input.atEnd()) {
                throw BatchFault.corrupt(
                        "bytes are left after the batch's " + recordCount + " records", "record_count", recordCount);
            }
            return false;
        }
        if (input.atEnd()) {
            throw BatchFault.corrupt(
                    "records end after " + advanced + ", the batch's header counts " + recordCount,
                    "record_count",
                    recordCount);
        }
        advanced++;
        int length = input.readVarint();
        if (length < BODY_BYTES_MIN) {
            throw corrupt("length " + length + " is below " + BODY_BYTES_MIN, "record_length", length);
        }
        recordEnd = input.position() + length;
        byte attributes = input.readByte();
        if (attributes != 0) {
            throw corrupt("attributes " + attributes + " are reserved and must be 0", "record_attributes", attributes);
        }
        timestampMillis = timestampOf(input.readVarlong());
        offsetDelta = input.readVarint();
        return true;
    }

    private long timestampOf(long timestampDelta) {
        long base = batch.baseTimestamp();
        long sum = base + timestampDelta;
        if (((base ^ sum) & (timestampDelta ^ sum)) < 0) {
            throw corrupt(
                    "timestamp overflows with base " + base + " and delta " + timestampDelta,
                    "timestamp_delta",
                    timestampDelta);
        }
        return sum;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    /** The timestamp that the producer gave, in milliseconds since the epoch. */
    long timestampMillis() {
        return timestampMillis;
    }

    /** Checks the rest of the record. */
    void skip() {
        skipSized("key");
        skipSized("value");
        for (int left = headerCount(); left > 0; left--) {
            input.skip(headerKeyLength());
            skipSized("header value");
        }
        requireRecordEnd();
    }

    private void skipSized(String field) {
        input.skip(Math.max(0, lengthOf(field)));
    }

    /** Decodes the rest of the record. */
    LogRecord read() {
        byte[] key = readSized("key");
        byte[] value = readSized("value");
        List<RecordHeader> headers = readHeaders();
        requireRecordEnd();
        return new LogRecord(
                batch.baseOffset() + offsetDelta,
                batch.isLogAppendTime() ? batch.maxTimestamp() : timestampMillis,
                key,
                value,
                headers);
    }

    private byte @Nullable [] readSized(String field) {
        int length = lengthOf(field);
        return length < 0 ? null : input.take(length);
    }

    private List<RecordHeader> readHeaders() {
        int count = headerCount();
        if (count == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>(); // grows as they come: the count is only declared
        for (int left = count; left > 0; left--) {
            String key = new String(input.take(headerKeyLength()), StandardCharsets.UTF_8);
            headers.add(new RecordHeader(key, readSized("header value")));
        }
        return List.copyOf(headers);
    }

    /** Reads the length of a nullable field: -1, or up to what is left of the record. */
    private int lengthOf(String field) {
        int length = input.readVarint();
        if (length < -1 || length > recordEnd - input.position()) {
            throw corrupt(field + " length " + length + " exceeds the record", "field_length", length);
        }
        return length;
    }

    private int headerKeyLength() {
        int length = lengthOf("header key");
        if (length < 0) {
            throw corrupt("header key is null", "field_length", length);
        }
        return length;
    }

    private int headerCount() {
        int count = input.readVarint();
        if (count < 0 || count > (recordEnd - input.position()) / HEADER_BYTES_MIN) {
            throw corrupt("header count " + count + " exceeds the record", "header_count", count);
        }
        return count;
    }

    private void requireRecordEnd() {
        long position = input.position();
        if (position != recordEnd) {
            throw corrupt(
                    "fields end at byte " + position + " of the records, by its length it ends at " + recordEnd,
                    "fields_end",
                    position);
        }
    }

    private Refused corrupt(String problem, String name, long value) {
        return BatchFault.corrupt("record " + (advanced - 1) + " of " + recordCount + ": " + problem, name, value);
    }

    @Override
    public void close() {
        input.close();
    }
}

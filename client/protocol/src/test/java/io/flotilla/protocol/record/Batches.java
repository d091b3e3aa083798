package io.flotilla.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;

/** Batches made by our builder, for tests. */
final class Batches {
    static final int MAX_BYTES = 8 * 1024 * 1024;
    static final long PRODUCER_ID = 4711;
    static final short PRODUCER_EPOCH = 3;
    static final int BASE_SEQUENCE = 1234;

    private Batches() {}

    /** A batch of a producer. */
    static ByteBuffer of(Compression compression, List<LogRecord> records) {
        return builderOf(compression, records).build(PRODUCER_ID, PRODUCER_EPOCH, BASE_SEQUENCE);
    }

    static BatchBuilder builderOf(Compression compression, List<LogRecord> records) {
        BatchBuilder builder = new BatchBuilder(compression, MAX_BYTES);
        for (LogRecord record : records) {
            if (!builder.tryAppend(record.timestampMillis(), record.key(), record.value(), record.headers())) {
                throw new AssertionError("no room for " + record);
            }
        }
        return builder;
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Makes the checksum of a batch that was tampered with right again. */
    static ByteBuffer resealed(ByteBuffer batch) {
        return batch.putInt(RecordBatch.CRC_AT, RecordBatch.crcOf(batch));
    }
}

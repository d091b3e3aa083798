package io.flotilla.protocol.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The same batches as {@link Batches}, made and read by Kafka's own client library. */
final class KafkaBatches {
    private static final int INITIAL_BYTES = 1024;

    private KafkaBatches() {}

    /** A batch of the producer that {@link Batches#of} has, with the codec's default settings. */
    static ByteBuffer of(Compression compression, List<LogRecord> records) {
        var codec = org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.id()));
        return of(codec.build(), records, Batches.PRODUCER_ID, Batches.PRODUCER_EPOCH, Batches.BASE_SEQUENCE);
    }

    static ByteBuffer of(
            org.apache.kafka.common.compress.Compression codec,
            List<LogRecord> records,
            long producerId,
            short producerEpoch,
            int baseSequence) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(INITIAL_BYTES),
                RecordBatch.MAGIC,
                codec,
                TimestampType.CREATE_TIME,
                0L,
                RecordBatch.NO_TIMESTAMP,
                producerId,
                producerEpoch,
                baseSequence);
        for (LogRecord record : records) {
            Header[] headers = record.headers().stream()
                    .map(header ->
                            new org.apache.kafka.common.header.internals.RecordHeader(header.key(), header.value()))
                    .toArray(Header[]::new);
            builder.append(record.timestampMillis(), record.key(), record.value(), headers);
        }
        return builder.build().buffer();
    }

    /** Decodes a buffer of one batch, after Kafka's own check of its validity. */
    static List<LogRecord> decode(ByteBuffer buffer) {
        List<LogRecord> records = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(buffer.duplicate()).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                records.add(new LogRecord(
                        record.offset(),
                        record.timestamp(),
                        bytes(record.key()),
                        bytes(record.value()),
                        headers(record.headers())));
            }
        }
        return records;
    }

    private static List<RecordHeader> headers(Header[] headers) {
        List<RecordHeader> decoded = new ArrayList<>();
        for (Header header : headers) {
            decoded.add(new RecordHeader(header.key(), header.value()));
        }
        return decoded;
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }
}

package io.flotilla.broker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.record.RecordHeader;
import io.flotilla.protocol.v1.Header;
import io.flotilla.protocol.v1.PositionedRecord;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.RecordFormat;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.raftlog.partition.FetchedBatches;

/** Makes chunks of what was read, in the form the client wants. */
final class Chunks {
    private Chunks() {}

    static TopicPartition wire(PartitionName name) {
        return TopicPartition.newBuilder()
                .setTopic(name.topic())
                .setPartition(name.partition())
                .build();
    }

    /**
     * @param offset   the one asked for: decoded records begin there, whole batches may begin below
     * @param maxBytes soft limit of decoded records in bytes; compressed batches can hold far more than their size. At
     *     least one record comes.
     */
    static RecordChunk of(PartitionName name, FetchedBatches read, RecordFormat format, long offset, int maxBytes) {
        RecordChunk.Builder chunk = RecordChunk.newBuilder()
                .setPartition(wire(name))
                .setNextOffset(read.nextOffset())
                .setHighWatermark(read.highWatermark())
                .setLogStartOffset(read.logStartOffset());
        if (format == RecordFormat.RECORD_FORMAT_RECORDS) {
            decode(chunk, read, offset, maxBytes);
        } else {
            // Nobody writes to what a read returned, so the message may share its memory.
            chunk.setBatches(UnsafeByteOperations.unsafeWrap(read.batches()));
        }
        return chunk.build();
    }

    private static void decode(RecordChunk.Builder chunk, FetchedBatches read, long offset, int maxBytes) {
        long bytes = 0;
        for (RecordBatch batch : RecordBatch.in(read.batches())) {
            if (batch.isControl()) {
                continue;
            }
            for (LogRecord record : batch.records()) {
                if (record.offset() < offset) {
                    continue;
                }
                PositionedRecord positioned = positioned(record);
                bytes += positioned.getSerializedSize();
                if (bytes > maxBytes && chunk.getRecordsCount() > 0) {
                    chunk.setNextOffset(record.offset());
                    return;
                }
                chunk.addRecords(positioned);
            }
        }
    }

    private static PositionedRecord positioned(LogRecord record) {
        PositionedRecord.Builder positioned =
                PositionedRecord.newBuilder().setOffset(record.offset()).setTimestampMillis(record.timestampMillis());
        if (record.key() != null) {
            positioned.setKey(ByteString.copyFrom(record.key()));
        }
        if (record.value() != null) {
            positioned.setValue(ByteString.copyFrom(record.value()));
        }
        for (RecordHeader header : record.headers()) {
            Header.Builder wire = Header.newBuilder().setKey(header.key());
            if (header.value() != null) {
                wire.setValue(ByteString.copyFrom(header.value()));
            }
            positioned.addHeaders(wire);
        }
        return positioned.build();
    }

    /** What a chunk costs of the client's credit: the bytes of its batches, or of its encoded records. */
    static long creditBytes(RecordChunk chunk) {
        return chunk.getRecordsCount() == 0
                ? chunk.getBatches().size()
                : chunk.getRecordsList().stream()
                        .mapToLong(PositionedRecord::getSerializedSize)
                        .sum();
    }
}

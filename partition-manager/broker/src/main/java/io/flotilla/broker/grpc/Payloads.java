package io.flotilla.broker.grpc;

import com.google.protobuf.ByteString;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.record.RecordHeader;
import io.flotilla.protocol.v1.AppendBatch;
import io.flotilla.protocol.v1.AppendRequest;
import io.flotilla.protocol.v1.Record;
import io.flotilla.protocol.v1.RecordList;
import io.flotilla.protocol.v1.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients append: record batches as they are, or records of which the broker makes a batch. */
final class Payloads {
    private final Clock clock;

    /**
     * @param clock stamps records that come without a timestamp
     */
    Payloads(Clock clock) {
        this.clock = clock;
    }

    static PartitionName name(TopicPartition partition) {
        return new PartitionName(partition.getTopic(), partition.getPartition());
    }

    /** @throws Refused INVALID_REQUEST, INVALID_RECORD or RECORD_TOO_LARGE */
    ByteBuffer batchOf(AppendRequest request, int batchBytesMax) {
        return switch (request.getPayloadCase()) {
            case RECORD_BATCH -> bytes(request.getRecordBatch());
            case RECORDS -> batchOf(request.getRecords(), batchBytesMax);
            case PAYLOAD_NOT_SET -> throw noPayload();
        };
    }

    /** @throws Refused INVALID_REQUEST, INVALID_RECORD or RECORD_TOO_LARGE */
    ByteBuffer batchOf(AppendBatch batch, int batchBytesMax) {
        return switch (batch.getPayloadCase()) {
            case RECORD_BATCH -> bytes(batch.getRecordBatch());
            case RECORDS -> batchOf(batch.getRecords(), batchBytesMax);
            case PAYLOAD_NOT_SET -> throw noPayload();
        };
    }

    /** The message is immutable, so its bytes need no copy. */
    private static ByteBuffer bytes(ByteString batch) {
        return batch.asReadOnlyByteBuffer();
    }

    private static Refused noPayload() {
        return new Refused(
                ErrorCode.INVALID_REQUEST, "the request carries neither records nor a record batch; set one of them");
    }

    private ByteBuffer batchOf(RecordList list, int batchBytesMax) {
        if (list.getRecordsCount() == 0) {
            throw new Refused(ErrorCode.INVALID_RECORD, "the list of records is empty; send at least one");
        }
        BatchBuilder builder = new BatchBuilder(Compression.NONE, batchBytesMax);
        for (Record record : list.getRecordsList()) {
            boolean fits = builder.tryAppend(
                    record.hasTimestampMillis() ? record.getTimestampMillis() : clock.millis(),
                    record.hasKey() ? record.getKey().toByteArray() : null,
                    record.hasValue() ? record.getValue().toByteArray() : null,
                    headers(record));
            if (!fits) {
                throw new Refused(
                        ErrorCode.RECORD_TOO_LARGE,
                        list.getRecordsCount() + " records do not fit one batch of at most " + batchBytesMax
                                + " bytes; send fewer in one call",
                        Map.of("max_bytes", Integer.toString(batchBytesMax)));
            }
        }
        short noEpoch = RecordBatch.NO_PRODUCER;
        return builder.build(RecordBatch.NO_PRODUCER, noEpoch, RecordBatch.NO_PRODUCER);
    }

    private static List<RecordHeader> headers(Record record) {
        List<RecordHeader> headers = new ArrayList<>(record.getHeadersCount());
        record.getHeadersList().forEach(header -> {
            byte @Nullable [] value = header.hasValue() ? header.getValue().toByteArray() : null;
            headers.add(new RecordHeader(header.getKey(), value));
        });
        return headers;
    }
}

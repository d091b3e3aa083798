package io.flotilla.client.scripted;

import com.google.protobuf.ByteString;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.ListOffsetsRequest;
import io.flotilla.protocol.v1.ListOffsetsResponse;
import io.flotilla.protocol.v1.OffsetAnswer;
import io.flotilla.protocol.v1.OffsetQuery;
import io.flotilla.protocol.v1.PartitionEnd;
import io.flotilla.protocol.v1.ReadHeartbeat;
import io.flotilla.protocol.v1.ReadOpened;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.protocol.v1.RecordChunk;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Read streams with credit, one batch a chunk; a pump looks for new records every few milliseconds. */
final class ScriptedConsumerService extends ConsumerServiceGrpc.ConsumerServiceImplBase {
    private static final long PUMP_EVERY_MILLIS = 5;
    private static final int PUMPS_PER_HEARTBEAT = 10;

    private final ScriptedBroker broker;
    private final ScheduledExecutorService pump = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "scripted-read-pump");
        thread.setDaemon(true);
        return thread;
    });

    ScriptedConsumerService(ScriptedBroker broker) {
        this.broker = broker;
    }

    @Override
    public void listOffsets(ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> answers) {
        ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
        for (OffsetQuery query : request.getQueriesList()) {
            TopicPartition partition = ScriptedCluster.unwire(query.getPartition());
            OffsetAnswer.Builder answer = OffsetAnswer.newBuilder().setPartition(query.getPartition());
            if (broker.leads(partition)) {
                ScriptedLog log = broker.cluster.log(partition);
                answer.setOffset(
                        switch (query.getPositionCase()) {
                            case LATEST -> log.highWatermark();
                            case TIMESTAMP_MILLIS ->
                                log.records().stream()
                                        .filter(record -> record.timestampMillis() >= query.getTimestampMillis())
                                        .findFirst()
                                        .map(record -> record.offset())
                                        .orElse(log.highWatermark());
                            case EARLIEST, POSITION_NOT_SET -> log.logStartOffset;
                        });
            } else {
                answer.setError(broker.cluster.status(ErrorCode.NOT_LEADER, partition, Map.of()));
            }
            response.addAnswers(answer);
        }
        answers.onNext(response.build());
        answers.onCompleted();
    }

    @Override
    public StreamObserver<ReadStreamRequest> readStream(StreamObserver<ReadStreamResponse> answers) {
        return new Stream((ServerCallStreamObserver<ReadStreamResponse>) answers);
    }

    private static final class Assigned {
        private final long assignmentId;
        private long nextOffset;

        Assigned(long assignmentId, long nextOffset) {
            this.assignmentId = assignmentId;
            this.nextOffset = nextOffset;
        }
    }

    private final class Stream implements StreamObserver<ReadStreamRequest> {
        private final ServerCallStreamObserver<ReadStreamResponse> answers;
        private final Map<TopicPartition, Assigned> assigned = new LinkedHashMap<>();
        private long granted;
        private long sent;
        private int pumps;
        private boolean over;

        Stream(ServerCallStreamObserver<ReadStreamResponse> answers) {
            this.answers = answers;
            answers.setOnCancelHandler(() -> {});
            schedule();
        }

        private void schedule() {
            var unused = pump.schedule(this::pumpOnce, PUMP_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }

        private synchronized void pumpOnce() {
            if (over || answers.isCancelled()) {
                return;
            }
            if (!broker.isSilent()) {
                sendChunks();
                heartbeat();
            }
            if (!over) {
                schedule();
            }
        }

        private void sendChunks() {
            for (TopicPartition partition : List.copyOf(assigned.keySet())) {
                Assigned reading = assigned.get(partition);
                if (reading == null) {
                    continue;
                }
                ScriptedLog log = broker.cluster.log(partition);
                if (!broker.leads(partition)) {
                    end(partition, reading, ErrorCode.NOT_LEADER, Map.of());
                } else if (reading.nextOffset < log.logStartOffset || reading.nextOffset > log.highWatermark()) {
                    end(
                            partition,
                            reading,
                            ErrorCode.OFFSET_OUT_OF_RANGE,
                            Map.of(
                                    "offset", Long.toString(reading.nextOffset),
                                    "log_start_offset", Long.toString(log.logStartOffset),
                                    "high_watermark", Long.toString(log.highWatermark())));
                } else if (sent < granted) {
                    log.batchAt(reading.nextOffset).ifPresent(batch -> chunk(log, reading, batch));
                }
                if (over) {
                    return;
                }
            }
        }

        private void chunk(ScriptedLog log, Assigned reading, RecordBatch batch) {
            if (broker.readBreaks.tryAcquire()) {
                over = true;
                answers.onError(
                        Status.UNAVAILABLE.withDescription("scripted break").asRuntimeException());
                return;
            }
            reading.nextOffset = batch.lastOffset() + 1;
            sent += batch.sizeInBytes();
            broker.chunkBytesSent.addAndGet(batch.sizeInBytes());
            answers.onNext(ReadStreamResponse.newBuilder()
                    .setChunk(RecordChunk.newBuilder()
                            .setPartition(ScriptedCluster.wire(log.partition))
                            .setBatches(ByteString.copyFrom(batch.buffer()))
                            .setNextOffset(reading.nextOffset)
                            .setHighWatermark(log.highWatermark())
                            .setLogStartOffset(log.logStartOffset)
                            .setAssignmentId(reading.assignmentId))
                    .build());
        }

        private void end(TopicPartition partition, Assigned reading, ErrorCode code, Map<String, String> metadata) {
            assigned.remove(partition);
            answers.onNext(ReadStreamResponse.newBuilder()
                    .setEnd(PartitionEnd.newBuilder()
                            .setPartition(ScriptedCluster.wire(partition))
                            .setAssignmentId(reading.assignmentId)
                            .setStatus(broker.cluster.status(code, partition, metadata)))
                    .build());
        }

        private void heartbeat() {
            if (!over && ++pumps % PUMPS_PER_HEARTBEAT == 0) {
                answers.onNext(ReadStreamResponse.newBuilder()
                        .setHeartbeat(ReadHeartbeat.getDefaultInstance())
                        .build());
            }
        }

        @Override
        public synchronized void onNext(ReadStreamRequest request) {
            if (broker.isSilent()) {
                return;
            }
            switch (request.getRequestCase()) {
                case OPEN ->
                    answers.onNext(ReadStreamResponse.newBuilder()
                            .setOpened(ReadOpened.getDefaultInstance())
                            .build());
                case CREDIT -> granted = Math.max(granted, request.getCredit().getTotalBytesGranted());
                case ASSIGN ->
                    assigned.put(
                            ScriptedCluster.unwire(request.getAssign().getPartition()),
                            new Assigned(
                                    request.getAssign().getAssignmentId(),
                                    request.getAssign().getOffset()));
                case UNASSIGN ->
                    assigned.remove(ScriptedCluster.unwire(request.getUnassign().getPartition()));
                case REQUEST_NOT_SET -> throw new IllegalArgumentException("empty request");
            }
        }

        @Override
        public synchronized void onError(Throwable cancelled) {
            over = true;
        }

        @Override
        public synchronized void onCompleted() {
            over = true;
            answers.onCompleted();
        }
    }
}

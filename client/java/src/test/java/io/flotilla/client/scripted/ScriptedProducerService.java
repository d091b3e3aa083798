package io.flotilla.client.scripted;

import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.AppendBatch;
import io.flotilla.protocol.v1.AppendOpened;
import io.flotilla.protocol.v1.AppendReject;
import io.flotilla.protocol.v1.AppendStreamRequest;
import io.flotilla.protocol.v1.AppendStreamResponse;
import io.flotilla.protocol.v1.DurabilityLevel;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.protocol.v1.InitProducerRequest;
import io.flotilla.protocol.v1.InitProducerResponse;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Append streams that obey the cluster's script. */
final class ScriptedProducerService extends ProducerServiceGrpc.ProducerServiceImplBase {
    private final ScriptedBroker broker;

    ScriptedProducerService(ScriptedBroker broker) {
        this.broker = broker;
    }

    @Override
    public void initProducer(InitProducerRequest request, StreamObserver<InitProducerResponse> answers) {
        if (broker.isSilent()) {
            return;
        }
        answers.onNext(InitProducerResponse.newBuilder()
                .setProducerId(broker.cluster.producerIds.incrementAndGet())
                .build());
        answers.onCompleted();
    }

    @Override
    public StreamObserver<AppendStreamRequest> appendStream(StreamObserver<AppendStreamResponse> answers) {
        return new Stream(answers);
    }

    private final class Stream implements StreamObserver<AppendStreamRequest> {
        private final StreamObserver<AppendStreamResponse> answers;
        private @Nullable TopicPartition partition;
        private boolean over;

        Stream(StreamObserver<AppendStreamResponse> answers) {
            this.answers = answers;
        }

        @Override
        public synchronized void onNext(AppendStreamRequest request) {
            if (over || broker.isSilent()) {
                return;
            }
            if (request.hasOpen()) {
                open(ScriptedCluster.unwire(request.getOpen().getPartition()));
            } else if (partition != null) {
                batch(partition, request.getBatch());
            }
        }

        private void open(TopicPartition opened) {
            if (!broker.leads(opened)) {
                fail(broker.error(ErrorCode.NOT_LEADER, opened));
                return;
            }
            partition = opened;
            answers.onNext(AppendStreamResponse.newBuilder()
                    .setOpened(AppendOpened.newBuilder()
                            .setLeaderEpoch(1)
                            .setMaxBatchBytes(1 << 20)
                            .setMaxInFlightBytes(8 << 20))
                    .build());
        }

        private void batch(TopicPartition to, AppendBatch batch) {
            if (!broker.leads(to)) {
                reject(to, batch, ErrorCode.NOT_LEADER);
                return;
            }
            ScriptedLog log = broker.cluster.log(to);
            ByteBuffer bytes = batch.getRecordBatch().asReadOnlyByteBuffer();
            Script.Step step = broker.cluster.script.next();
            if (step instanceof Script.Serve) {
                answer(to, batch, log.append(bytes));
            } else if (step instanceof Script.Reject reject) {
                reject(to, batch, reject.code());
            } else if (step instanceof Script.AppendThenBreak) {
                log.append(bytes);
                fail(Status.UNAVAILABLE.withDescription("scripted break").asRuntimeException());
            } else if (step instanceof Script.Break) {
                fail(Status.UNAVAILABLE.withDescription("scripted break").asRuntimeException());
            } else if (step instanceof Script.AppendThenTimeOut) {
                log.append(bytes);
                reject(to, batch, ErrorCode.TIMEOUT);
            } else if (step instanceof Script.SendGoAway) {
                over = true;
                answers.onNext(AppendStreamResponse.newBuilder()
                        .setGoAway(GoAway.newBuilder().setReason(GoAwayReason.GO_AWAY_REASON_SHUTDOWN))
                        .build());
            }
        }

        private void answer(TopicPartition to, AppendBatch batch, ScriptedLog.Result result) {
            if (result.error().isPresent()) {
                reject(to, batch, result.error().get());
                return;
            }
            answers.onNext(AppendStreamResponse.newBuilder()
                    .setAck(AppendAck.newBuilder()
                            .setCorrelationId(batch.getCorrelationId())
                            .setBaseOffset(result.baseOffset())
                            .setDuplicate(result.duplicate())
                            .setLeaderEpoch(1)
                            .setDurability(DurabilityLevel.DURABILITY_LEVEL_FSYNCED_QUORUM))
                    .build());
        }

        private void reject(TopicPartition to, AppendBatch batch, ErrorCode code) {
            answers.onNext(AppendStreamResponse.newBuilder()
                    .setReject(AppendReject.newBuilder()
                            .setCorrelationId(batch.getCorrelationId())
                            .setStatus(broker.cluster.status(code, to, Map.of())))
                    .build());
        }

        private void fail(Throwable error) {
            over = true;
            answers.onError(error);
        }

        @Override
        public synchronized void onError(Throwable cancelled) {
            over = true;
        }

        @Override
        public synchronized void onCompleted() {
            if (!over) {
                over = true;
                answers.onCompleted();
            }
        }
    }
}

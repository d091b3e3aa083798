package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.metrics.ClientMetrics;
import io.flotilla.broker.produce.ByteBudget;
import io.flotilla.broker.produce.ProduceService;
import io.flotilla.broker.produce.ProducerIds;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.AppendRequest;
import io.flotilla.protocol.v1.AppendResponse;
import io.flotilla.protocol.v1.AppendStreamRequest;
import io.flotilla.protocol.v1.AppendStreamResponse;
import io.flotilla.protocol.v1.InitProducerRequest;
import io.flotilla.protocol.v1.InitProducerResponse;
import io.flotilla.protocol.v1.ProducerServiceGrpc.ProducerServiceImplBase;
import io.flotilla.raftlog.partition.AppendResult;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.ProducerService}. */
final class ProducerEndpoint extends ProducerServiceImplBase {
    private final ProduceService service;
    private final ProducerIds producerIds;
    private final ByteBudget budget;
    private final Payloads payloads;
    private final ErrorAnswers errors;
    private final ClientMetrics metrics;
    private final OpenStreams streams;
    private final Executor executor;
    private final int streamBytesMax;
    private final UnaryAnswer answers;

    ProducerEndpoint(
            ProduceService service,
            ProducerIds producerIds,
            ByteBudget budget,
            Payloads payloads,
            ErrorAnswers errors,
            ClientMetrics metrics,
            OpenStreams streams,
            Executor executor,
            int streamBytesMax) {
        this.service = service;
        this.producerIds = producerIds;
        this.budget = budget;
        this.payloads = payloads;
        this.errors = errors;
        this.metrics = metrics;
        this.streams = streams;
        this.executor = executor;
        this.streamBytesMax = streamBytesMax;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void initProducer(InitProducerRequest request, StreamObserver<InitProducerResponse> observer) {
        answers.send(observer, null, () -> producerIds.next().thenApply(id -> InitProducerResponse.newBuilder()
                .setProducerId(id)
                .build()));
    }

    @Override
    public void append(AppendRequest request, StreamObserver<AppendResponse> observer) {
        PartitionName name = Payloads.name(request.getPartition());
        answers.send(observer, name, () -> append(name, request).thenApply(result -> AppendResponse.newBuilder()
                .setAck(AppendSession.ack(0, result))
                .build()));
    }

    private CompletableFuture<AppendResult> append(PartitionName name, AppendRequest request) {
        long beganNanos = System.nanoTime();
        ByteBuffer batch =
                payloads.batchOf(request, service.leading(name).settings().batchBytesMax());
        int bytes = batch.remaining();
        if (!budget.tryTake(bytes)) {
            Refused overloaded = new Refused(
                    ErrorCode.OVERLOADED,
                    "the broker holds " + budget.bytesTaken() + " of " + budget.bytesMax()
                            + " bytes of unanswered batches (append.in.flight.bytes.max); retry after a pause");
            metrics.appended(beganNanos, bytes, null, overloaded);
            throw overloaded;
        }
        CompletableFuture<AppendResult> result = service.append(name, batch);
        var unused = result.whenComplete((appended, failure) -> {
            budget.release(bytes);
            metrics.appended(beganNanos, bytes, appended, failure);
        });
        return result.copy(); // a client that goes away cancels its answer, not the append
    }

    @Override
    public StreamObserver<AppendStreamRequest> appendStream(StreamObserver<AppendStreamResponse> observer) {
        ServerCallStreamObserver<AppendStreamResponse> call = (ServerCallStreamObserver<AppendStreamResponse>) observer;
        AppendSession session =
                new AppendSession(call, service, budget, payloads, errors, metrics, streams, executor, streamBytesMax);
        session.start();
        return session;
    }
}

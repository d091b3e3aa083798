package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.fetch.FetchService;
import io.flotilla.broker.fetch.OffsetFinder;
import io.flotilla.broker.fetch.OffsetFinder.Found;
import io.flotilla.broker.fetch.OffsetFinder.Position;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.ConsumerServiceGrpc.ConsumerServiceImplBase;
import io.flotilla.protocol.v1.ListOffsetsRequest;
import io.flotilla.protocol.v1.ListOffsetsResponse;
import io.flotilla.protocol.v1.OffsetAnswer;
import io.flotilla.protocol.v1.OffsetQuery;
import io.flotilla.protocol.v1.ReadRequest;
import io.flotilla.protocol.v1.ReadResponse;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** {@code flotilla.v1.ConsumerService}. */
final class ConsumerEndpoint extends ConsumerServiceImplBase {
    /** Queries in one ListOffsets call. */
    private static final int QUERIES_MAX = 10_000;

    private final FetchService service;
    private final OffsetFinder offsets;
    private final ErrorAnswers errors;
    private final OpenStreams streams;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final int streamPartitionsMax;
    private final UnaryAnswer answers;

    ConsumerEndpoint(
            FetchService service,
            OffsetFinder offsets,
            ErrorAnswers errors,
            OpenStreams streams,
            Executor executor,
            ScheduledExecutorService timer,
            int streamPartitionsMax) {
        this.service = service;
        this.offsets = offsets;
        this.errors = errors;
        this.streams = streams;
        this.executor = executor;
        this.timer = timer;
        this.streamPartitionsMax = streamPartitionsMax;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadResponse> observer) {
        PartitionName name = Payloads.name(request.getPartition());
        // The wait is ended through the future that waits, so the answer is made in its callback, not in a stage of it.
        answers.send(
                observer,
                name,
                () -> service.read(name, request.getOffset(), maxBytes(request.getMaxBytes()), maxWait(request)),
                read -> response(name, request, read));
    }

    private static ReadResponse response(PartitionName name, ReadRequest request, FetchedBatches read) {
        int maxBytes = FetchService.readBytes(request.getMaxBytes());
        return ReadResponse.newBuilder()
                .setChunk(Chunks.of(name, read, request.getFormat(), request.getOffset(), maxBytes))
                .build();
    }

    static int maxBytes(int maxBytes) {
        if (maxBytes < 0) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "max bytes " + maxBytes + " is negative; give 1 to 16777216, or 0 for 1 MiB");
        }
        return maxBytes;
    }

    private static Duration maxWait(ReadRequest request) {
        return request.hasMaxWait() ? WireTimes.duration("max_wait", request.getMaxWait()) : Duration.ZERO;
    }

    @Override
    public StreamObserver<ReadStreamRequest> readStream(StreamObserver<ReadStreamResponse> observer) {
        ServerCallStreamObserver<ReadStreamResponse> call = (ServerCallStreamObserver<ReadStreamResponse>) observer;
        ReadSession session = new ReadSession(call, service, errors, streams, executor, timer, streamPartitionsMax);
        session.start();
        return session;
    }

    @Override
    public void listOffsets(ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
        answers.send(observer, null, () -> listOffsets(request));
    }

    private CompletableFuture<ListOffsetsResponse> listOffsets(ListOffsetsRequest request) {
        if (request.getQueriesCount() > QUERIES_MAX) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    request.getQueriesCount() + " queries are more than " + QUERIES_MAX + "; ask in several calls");
        }
        List<CompletableFuture<OffsetAnswer>> all =
                request.getQueriesList().stream().map(this::answer).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> ListOffsetsResponse.newBuilder()
                        .addAllAnswers(all.stream().map(CompletableFuture::join).toList())
                        .build());
    }

    private CompletableFuture<OffsetAnswer> answer(OffsetQuery query) {
        PartitionName name = Payloads.name(query.getPartition());
        return find(name, query).handle((found, failure) -> {
            OffsetAnswer.Builder answer = OffsetAnswer.newBuilder().setPartition(query.getPartition());
            if (failure != null) {
                return answer.setError(errors.status(failure, name)).build();
            }
            found.timestampMillis().ifPresent(answer::setTimestampMillis);
            return answer.setOffset(found.offset()).build();
        });
    }

    private CompletableFuture<Found> find(PartitionName name, OffsetQuery query) {
        return switch (query.getPositionCase()) {
            case EARLIEST -> offsets.find(name, Position.EARLIEST, 0);
            case LATEST -> offsets.find(name, Position.LATEST, 0);
            case TIMESTAMP_MILLIS -> offsets.find(name, Position.TIMESTAMP, query.getTimestampMillis());
            case POSITION_NOT_SET ->
                CompletableFuture.failedFuture(new Refused(
                        ErrorCode.INVALID_REQUEST,
                        "the query for " + name + " lacks earliest, latest or timestamp_millis"));
        };
    }
}

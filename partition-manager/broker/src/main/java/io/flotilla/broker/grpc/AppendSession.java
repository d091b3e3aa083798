package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.broker.metrics.ClientMetrics;
import io.flotilla.broker.produce.ByteBudget;
import io.flotilla.broker.produce.ProduceService;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.AppendBatch;
import io.flotilla.protocol.v1.AppendOpened;
import io.flotilla.protocol.v1.AppendReject;
import io.flotilla.protocol.v1.AppendStreamRequest;
import io.flotilla.protocol.v1.AppendStreamResponse;
import io.flotilla.protocol.v1.DurabilityLevel;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One append stream. Batches are given to the partition in the order they arrive and answered in that order; past the
 * stream's or the broker's budget the session requests no further message, so HTTP/2 flow control reaches the client.
 *
 * <p>Threading: gRPC calls the observer methods one at a time; {@link #turn}, confined to its task, does all sending
 * and requesting.
 */
final class AppendSession implements StreamObserver<AppendStreamRequest>, OpenStreams.Stream {
    /** Messages requested ahead while the budget lasts: the second is decoded while the first is being appended. */
    private static final int REQUESTED_AHEAD = 2;

    /** Answers sent in one turn, before other streams get theirs. */
    private static final int ANSWERS_PER_TURN_MAX = 256;

    private final ServerCallStreamObserver<AppendStreamResponse> call;
    private final ProduceService service;
    private final ByteBudget budget;
    private final Payloads payloads;
    private final ErrorAnswers errors;
    private final ClientMetrics metrics;
    private final OpenStreams streams;
    private final int bytesInFlightMax;
    private final WakeableTask task;
    private final Runnable wake;

    /** Bounded by the budget: each entry has bytes that count, and at least one. */
    private final Queue<Unanswered> unanswered = new ConcurrentLinkedQueue<>();

    private final AtomicLong bytesInFlight = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private volatile @Nullable PartitionName name;
    private volatile @Nullable Partition partition;
    private volatile boolean halfClosed;
    private volatile boolean leaving;
    private volatile @Nullable Throwable broken;
    private volatile boolean cancelled;

    // Confined to the task.
    private boolean opened;
    private boolean ended;
    private long requested;
    private GoAway goAway = GoAway.newBuilder()
            .setReason(GoAwayReason.GO_AWAY_REASON_SHUTDOWN)
            .setMessage("the broker is stopping; connect to the partition's next leader")
            .build();

    private record Unanswered(long correlationId, int bytes, CompletableFuture<AppendResult> result) {}

    AppendSession(
            ServerCallStreamObserver<AppendStreamResponse> call,
            ProduceService service,
            ByteBudget budget,
            Payloads payloads,
            ErrorAnswers errors,
            ClientMetrics metrics,
            OpenStreams streams,
            Executor executor,
            int bytesInFlightMax) {
        this.call = call;
        this.service = service;
        this.budget = budget;
        this.payloads = payloads;
        this.errors = errors;
        this.metrics = metrics;
        this.streams = streams;
        this.bytesInFlightMax = bytesInFlightMax;
        this.task = new WakeableTask(executor, this::turn);
        this.wake = task::wake;
    }

    void start() {
        call.disableAutoRequest();
        call.setOnReadyHandler(wake);
        call.setOnCancelHandler(this::cancelled);
        streams.opened(this);
        task.wake();
    }

    @Override
    public void onNext(AppendStreamRequest request) {
        received.incrementAndGet();
        try {
            switch (request.getRequestCase()) {
                case OPEN -> open(Payloads.name(request.getOpen().getPartition()));
                case BATCH -> append(request.getBatch());
                case REQUEST_NOT_SET -> throw invalid("a message of the stream is empty; send open or batch");
            }
        } catch (RuntimeException failure) { // a refusal that ends the stream, or a bug that must not hang it
            broken = failure;
        }
        task.wake();
    }

    private void open(PartitionName wanted) {
        if (partition != null) {
            throw invalid("the stream is open already; use one stream for each partition");
        }
        name = wanted;
        partition = service.leading(wanted);
    }

    private void append(AppendBatch request) {
        PartitionName target = name;
        Partition leading = partition;
        if (target == null || leading == null) {
            throw invalid("the first message of the stream must be open");
        }
        if (leaving || broken != null) {
            return; // told to go: batches from now on are not read
        }
        long beganNanos = System.nanoTime();
        CompletableFuture<AppendResult> result;
        int bytes = Math.max(1, request.getSerializedSize());
        budget.take(bytes);
        try {
            ByteBuffer batch = payloads.batchOf(request, leading.settings().batchBytesMax());
            result = service.append(target, batch);
        } catch (RuntimeException failure) { // a LogException or a bug: this batch fails, the stream goes on
            result = CompletableFuture.failedFuture(failure);
        }
        bytesInFlight.addAndGet(bytes);
        unanswered.add(new Unanswered(request.getCorrelationId(), bytes, result));
        var unused = result.whenComplete((appended, failure) -> {
            budget.release(bytes);
            metrics.appended(beganNanos, bytes, appended, failure);
            task.wake();
        });
    }

    private static Refused invalid(String message) {
        return new Refused(ErrorCode.INVALID_REQUEST, message);
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    private void cancelled() {
        cancelled = true;
        budget.forget(wake);
        streams.closed(this);
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        task.wake();
    }

    @Override
    public void goAway() {
        leaving = true;
        task.wake();
    }

    /** Sends what is due in order, then ends the stream or asks for more. */
    private void turn() {
        if (ended || cancelled) {
            return;
        }
        sendOpened();
        boolean halfClosedBefore = halfClosed; // read before the queue: no batch follows it
        sendAnswers();
        if (!unanswered.isEmpty()) {
            requestMore();
        } else if (broken != null) {
            end(broken);
        } else if (leaving) {
            call.onNext(AppendStreamResponse.newBuilder().setGoAway(goAway).build());
            end(null);
        } else if (halfClosedBefore) {
            end(null);
        } else {
            requestMore();
        }
    }

    private void sendOpened() {
        Partition leading = partition;
        if (opened || leading == null) {
            return;
        }
        opened = true;
        call.onNext(AppendStreamResponse.newBuilder()
                .setOpened(AppendOpened.newBuilder()
                        .setLeaderEpoch(Math.toIntExact(leading.leadership().term()))
                        .setMaxBatchBytes(leading.settings().batchBytesMax())
                        .setMaxInFlightBytes(bytesInFlightMax))
                .build());
    }

    /** Answers wait while the client does not read them: their bytes stay in flight, so it can send no more either. */
    private void sendAnswers() {
        for (int sent = 0; call.isReady(); sent++) {
            Unanswered first = unanswered.peek();
            if (first == null || !first.result().isDone()) {
                return;
            }
            if (sent == ANSWERS_PER_TURN_MAX) {
                task.wake();
                return;
            }
            unanswered.remove();
            bytesInFlight.addAndGet(-first.bytes());
            call.onNext(answer(first));
        }
    }

    private AppendStreamResponse answer(Unanswered batch) {
        try {
            return AppendStreamResponse.newBuilder()
                    .setAck(ack(batch.correlationId(), batch.result().join()))
                    .build();
        } catch (RuntimeException failure) { // join's wrapper around whatever the append failed with
            leaveIfLeaderChanged(failure);
            return AppendStreamResponse.newBuilder()
                    .setReject(AppendReject.newBuilder()
                            .setCorrelationId(batch.correlationId())
                            .setStatus(errors.status(failure, name)))
                    .build();
        }
    }

    private void leaveIfLeaderChanged(Throwable failure) {
        if (ErrorAnswers.isNotLeader(failure) && !leaving) {
            GoAway.Builder changed = GoAway.newBuilder()
                    .setReason(GoAwayReason.GO_AWAY_REASON_LEADER_CHANGED)
                    .setMessage("this broker no longer leads " + name);
            errors.leaderOf(failure).ifPresent(changed::setLeader);
            goAway = changed.build();
            leaving = true;
        }
    }

    static AppendAck ack(long correlationId, AppendResult result) {
        return AppendAck.newBuilder()
                .setCorrelationId(correlationId)
                .setBaseOffset(result.baseOffset())
                .setLastOffset(result.lastOffset())
                .setDuplicate(result.duplicate())
                .setLeaderEpoch(result.leaderEpoch())
                .setDurability(DurabilityLevel.DURABILITY_LEVEL_FSYNCED_QUORUM)
                .setAppendTime(WireTimes.timestamp(result.appendTimeMillis()))
                .build();
    }

    private void requestMore() {
        if (leaving || broken != null || halfClosed || bytesInFlight.get() >= bytesInFlightMax) {
            return;
        }
        if (budget.whenAvailable(wake)) {
            return; // the budget wakes the task
        }
        long ahead = requested - received.get();
        if (ahead < REQUESTED_AHEAD) {
            int more = Math.toIntExact(REQUESTED_AHEAD - ahead);
            requested += more;
            call.request(more);
        }
    }

    private void end(@Nullable Throwable failure) {
        ended = true;
        streams.closed(this);
        budget.forget(wake);
        if (failure == null) {
            call.onCompleted();
        } else {
            call.onError(errors.exception(failure, name));
        }
    }
}

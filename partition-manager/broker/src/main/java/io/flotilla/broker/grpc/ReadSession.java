package io.flotilla.broker.grpc;

import io.flotilla.broker.concurrent.OpenStreams;
import io.flotilla.broker.concurrent.WakeableTask;
import io.flotilla.broker.fetch.FetchService;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.GoAway;
import io.flotilla.protocol.v1.GoAwayReason;
import io.flotilla.protocol.v1.PartitionEnd;
import io.flotilla.protocol.v1.PartitionPosition;
import io.flotilla.protocol.v1.ReadAssign;
import io.flotilla.protocol.v1.ReadHeartbeat;
import io.flotilla.protocol.v1.ReadOpen;
import io.flotilla.protocol.v1.ReadOpened;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.RecordFormat;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.flotilla.raftlog.partition.Partition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One read stream. Partitions that may have records stand in a queue; each turn serves them one chunk at a time, from
 * the front, and puts those with more at the end: a busy partition cannot starve the others. Nothing is read from disk
 * unless the client has granted credit and its connection takes more bytes: a client that stops reading costs {@link
 * #UNSENT_BYTES_MAX} and one chunk, whatever credit it granted.
 *
 * <p>Threading: the task runs {@link #turn}, to which all state is confined but the queues and flags other threads set.
 */
final class ReadSession implements StreamObserver<ReadStreamRequest>, OpenStreams.Stream {
    /** With so many bytes that its connection has not taken, a stream is not ready for another chunk. */
    static final int UNSENT_BYTES_MAX = 32 << 10;

    /** Chunks sent in one turn, before other streams get theirs. */
    private static final int CHUNKS_PER_TURN_MAX = 8;

    private static final Duration HEARTBEAT_DEFAULT = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(100);
    private static final Duration HEARTBEAT_MAX = Duration.ofMinutes(5);

    private final ServerCallStreamObserver<ReadStreamResponse> call;
    private final FetchService service;
    private final ErrorAnswers errors;
    private final OpenStreams streams;
    private final ScheduledExecutorService timer;
    private final int partitionsMax;
    private final WakeableTask task;

    /** At most the one message that was requested. */
    private final Queue<ReadStreamRequest> requests = new ConcurrentLinkedQueue<>();

    private final Queue<AssignedPartition> candidates = new ConcurrentLinkedQueue<>();
    private volatile boolean halfClosed;
    private volatile boolean cancelled;
    private volatile boolean leaving;
    private volatile boolean heartbeatDue;

    // Confined to the task.
    private final Map<PartitionName, AssignedPartition> assigned = new LinkedHashMap<>();
    private @Nullable ReadOpen open;
    private @Nullable ScheduledFuture<?> heartbeat;
    private int chunkBytesMax;
    private long bytesGranted;
    private long bytesSent;
    private boolean idleSinceHeartbeat = true;
    private boolean ended;

    ReadSession(
            ServerCallStreamObserver<ReadStreamResponse> call,
            FetchService service,
            ErrorAnswers errors,
            OpenStreams streams,
            Executor executor,
            ScheduledExecutorService timer,
            int partitionsMax) {
        this.call = call;
        this.service = service;
        this.errors = errors;
        this.streams = streams;
        this.timer = timer;
        this.partitionsMax = partitionsMax;
        this.task = new WakeableTask(executor, this::turn);
    }

    void start() {
        call.disableAutoRequest();
        call.setOnReadyThreshold(UNSENT_BYTES_MAX);
        call.setOnReadyHandler(task::wake);
        call.setOnCancelHandler(this::cancelled);
        streams.opened(this);
        call.request(1);
    }

    @Override
    public void onNext(ReadStreamRequest request) {
        requests.add(request);
        task.wake();
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    private void cancelled() {
        cancelled = true;
        task.wake();
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

    private void turn() {
        if (ended) {
            return;
        }
        try {
            if (cancelled) {
                release();
                return;
            }
            boolean halfClosedBefore = halfClosed; // read before the queue: no request follows it
            handleRequests();
            if (leaving) {
                leave();
            } else if (halfClosedBefore) {
                release();
                call.onCompleted();
            } else {
                sendHeartbeat();
                sendChunks();
            }
        } catch (RuntimeException failure) { // a refusal that ends the stream, or a bug that must not hang it
            release();
            call.onError(errors.exception(failure, null));
        }
    }

    private void handleRequests() {
        for (ReadStreamRequest request = requests.poll(); request != null; request = requests.poll()) {
            if (open == null && !request.hasOpen()) {
                throw invalid("the first message of the stream must be open");
            }
            switch (request.getRequestCase()) {
                case OPEN -> open(request.getOpen());
                case CREDIT ->
                    bytesGranted = Math.max(bytesGranted, request.getCredit().getTotalBytesGranted());
                case ASSIGN -> assign(request.getAssign());
                case UNASSIGN -> unassign(Payloads.name(request.getUnassign().getPartition()));
                case REQUEST_NOT_SET -> throw invalid("a message of the stream is empty");
            }
            call.request(1);
        }
    }

    private void open(ReadOpen wanted) {
        if (open != null) {
            throw invalid("the stream is open already");
        }
        open = wanted;
        chunkBytesMax = FetchService.readBytes(ConsumerEndpoint.maxBytes(wanted.getMaxChunkBytes()));
        Duration interval = wanted.hasHeartbeatInterval()
                ? WireTimes.duration("heartbeat_interval", wanted.getHeartbeatInterval())
                : HEARTBEAT_DEFAULT;
        long millis = Math.max(HEARTBEAT_MIN.toMillis(), Math.min(HEARTBEAT_MAX.toMillis(), interval.toMillis()));
        heartbeat = timer.scheduleAtFixedRate(
                () -> {
                    heartbeatDue = true;
                    task.wake();
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
        call.onNext(ReadStreamResponse.newBuilder()
                .setOpened(ReadOpened.getDefaultInstance())
                .build());
    }

    private void assign(ReadAssign wanted) {
        PartitionName name = Payloads.name(wanted.getPartition());
        unassign(name);
        if (assigned.size() >= partitionsMax) {
            sendEnd(
                    name,
                    wanted.getAssignmentId(),
                    invalid("the stream reads " + partitionsMax
                            + " partitions already (read.stream.partitions.max); open another one"));
            return;
        }
        try {
            Partition replica = service.replica(name);
            AssignedPartition partition = new AssignedPartition(
                    name, wanted.getAssignmentId(), wanted.getOffset(), replica, candidates, task::wake);
            assigned.put(name, partition);
            partition.enqueue();
        } catch (LogException refused) {
            sendEnd(name, wanted.getAssignmentId(), refused);
        }
    }

    private void unassign(PartitionName name) {
        AssignedPartition previous = assigned.remove(name);
        if (previous != null) {
            previous.close();
        }
    }

    private static Refused invalid(String message) {
        return new Refused(ErrorCode.INVALID_REQUEST, message);
    }

    private void sendChunks() {
        for (int sent = 0; bytesSent < bytesGranted && call.isReady(); ) {
            if (sent == CHUNKS_PER_TURN_MAX) {
                task.wake();
                return;
            }
            AssignedPartition candidate = candidates.poll();
            if (candidate == null) {
                return;
            }
            candidate.dequeued();
            if (!candidate.isClosed() && serve(candidate)) {
                candidate.enqueue();
                sent++;
            }
        }
    }

    /** Sends the partition's next chunk. Returns whether there may be more. */
    private boolean serve(AssignedPartition reading) {
        try {
            FetchedBatches read = service.readNow(reading.name(), reading.nextOffset(), chunkBytesMax);
            if (!read.batches().hasRemaining()) {
                return false;
            }
            sendChunk(reading, read);
            return true;
        } catch (LogException refused) {
            endUnlessNotReady(reading, refused);
            return false;
        }
    }

    private void sendChunk(AssignedPartition reading, FetchedBatches read) {
        RecordFormat format = open == null ? RecordFormat.RECORD_FORMAT_UNSPECIFIED : open.getFormat();
        RecordChunk chunk = Chunks.of(reading.name(), read, format, reading.nextOffset(), chunkBytesMax).toBuilder()
                .setAssignmentId(reading.assignmentId())
                .build();
        call.onNext(ReadStreamResponse.newBuilder().setChunk(chunk).build());
        reading.readOnFrom(chunk.getNextOffset());
        bytesSent += Chunks.creditBytes(chunk);
        idleSinceHeartbeat = false;
    }

    private void sendEnd(PartitionName name, long assignmentId, LogException reason) {
        call.onNext(ReadStreamResponse.newBuilder()
                .setEnd(PartitionEnd.newBuilder()
                        .setPartition(Chunks.wire(name))
                        .setAssignmentId(assignmentId)
                        .setStatus(errors.status(reason, name)))
                .build());
    }

    private void sendHeartbeat() {
        if (!heartbeatDue) {
            return;
        }
        heartbeatDue = false;
        endLostPartitions();
        if (idleSinceHeartbeat && call.isReady()) {
            ReadHeartbeat.Builder positions = ReadHeartbeat.newBuilder();
            assigned.values().forEach(partition -> positions.addPositions(position(partition)));
            call.onNext(ReadStreamResponse.newBuilder().setHeartbeat(positions).build());
        }
        idleSinceHeartbeat = true;
    }

    /** A client without credit, or of a quiet partition, must also learn that it should ask another broker. */
    private void endLostPartitions() {
        for (AssignedPartition reading : List.copyOf(assigned.values())) {
            try {
                service.leading(reading.name());
            } catch (LogException refused) {
                endUnlessNotReady(reading, refused);
            }
        }
    }

    private void endUnlessNotReady(AssignedPartition reading, LogException refused) {
        if (refused.code() != ErrorCode.LEADER_NOT_READY) { // it will be, and the listener tells when
            unassign(reading.name());
            sendEnd(reading.name(), reading.assignmentId(), refused);
        }
    }

    private static PartitionPosition position(AssignedPartition reading) {
        return PartitionPosition.newBuilder()
                .setPartition(Chunks.wire(reading.name()))
                .setNextOffset(reading.nextOffset())
                .setHighWatermark(reading.partition().highWatermark())
                .setLogStartOffset(reading.partition().logStartOffset())
                .build();
    }

    private void leave() {
        call.onNext(ReadStreamResponse.newBuilder()
                .setGoAway(GoAway.newBuilder()
                        .setReason(GoAwayReason.GO_AWAY_REASON_SHUTDOWN)
                        .setMessage("the broker is stopping; connect to the partitions' next leaders"))
                .build());
        release();
        call.onCompleted();
    }

    private void release() {
        ended = true;
        streams.closed(this);
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        assigned.values().forEach(AssignedPartition::close);
        assigned.clear();
        candidates.clear();
    }
}

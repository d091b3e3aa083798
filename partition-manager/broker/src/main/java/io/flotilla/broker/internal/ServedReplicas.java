package io.flotilla.broker.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.internal.v1.DescribeReplicaRequest;
import io.flotilla.broker.internal.v1.DescribeReplicaResponse;
import io.flotilla.broker.internal.v1.DescribeSegmentsRequest;
import io.flotilla.broker.internal.v1.DescribeSegmentsResponse;
import io.flotilla.broker.internal.v1.ReadSegmentRequest;
import io.flotilla.broker.internal.v1.ReadSegmentResponse;
import io.flotilla.broker.internal.v1.SegmentDigest;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.partition.ReplicaExports;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives other brokers the files of this broker's replicas, on threads of its own: the first manifest of a large replica
 * takes as long as reading all of it, and clients shall not wait for that.
 *
 * <p>Threading: safe for all threads.
 */
public final class ServedReplicas implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING_MAX = 64;
    private static final int LENGTH_MAX = 16 << 20;

    private final String clusterId;
    private final ReplicaExports exports;
    private final ThreadPoolExecutor threads;

    public ServedReplicas(String clusterId, ReplicaExports exports) {
        this.clusterId = clusterId;
        this.exports = exports;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "flotilla-served-replicas-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        this.threads.allowCoreThreadTimeOut(true);
    }

    CompletableFuture<DescribeReplicaResponse> describe(DescribeReplicaRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        GroupId group = InternalRequests.groupOf(request.getGroupId());
        return run(() -> DescribeReplicaResponse.newBuilder()
                .setManifest(UnsafeByteOperations.unsafeWrap(
                        exports.manifest(group, request.getMinIndex()).encode()))
                .build());
    }

    CompletableFuture<ReadSegmentResponse> read(ReadSegmentRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        GroupId group = InternalRequests.groupOf(request.getGroupId());
        if (request.getBaseOffset() < 0
                || request.getPosition() < 0
                || request.getLength() < 1
                || request.getLength() > LENGTH_MAX) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "cannot read " + request.getLength() + " bytes from byte " + request.getPosition() + " of segment "
                            + request.getBaseOffset() + "; ask for 1 to " + LENGTH_MAX);
        }
        return run(() -> ReadSegmentResponse.newBuilder()
                .setData(UnsafeByteOperations.unsafeWrap(
                        exports.read(group, request.getBaseOffset(), request.getPosition(), request.getLength())))
                .build());
    }

    DescribeSegmentsResponse digests(DescribeSegmentsRequest request) {
        InternalRequests.requireCluster(clusterId, request.getClusterId());
        DescribeSegmentsResponse.Builder response = DescribeSegmentsResponse.newBuilder();
        try {
            exports.digests(InternalRequests.groupOf(request.getGroupId()))
                    .forEach(known -> response.addSegments(SegmentDigest.newBuilder()
                            .setBaseOffset(known.baseOffset())
                            .setBytes(known.bytes())
                            .setCrc(known.crc())));
        } catch (ReplicaSource.Gone gone) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, String.valueOf(gone.getMessage()), Map.of(), gone);
        }
        return response.build();
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> CompletableFuture<T> run(Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(work.run());
                } catch (IOException unavailable) {
                    answer.completeExceptionally(new Refused(
                            ErrorCode.BROKER_NOT_AVAILABLE,
                            String.valueOf(unavailable.getMessage()),
                            Map.of(),
                            unavailable));
                } catch (RuntimeException failure) {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            answer.completeExceptionally(new Refused(
                    ErrorCode.OVERLOADED,
                    WAITING_MAX + " calls for replicas' files wait already; try again",
                    Map.of(),
                    full));
        }
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

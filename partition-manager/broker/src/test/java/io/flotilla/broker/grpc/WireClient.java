package io.flotilla.broker.grpc;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.broker.Broker;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.AppendRequest;
import io.flotilla.protocol.v1.ClusterServiceGrpc;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.GroupServiceGrpc;
import io.flotilla.protocol.v1.OperationServiceGrpc;
import io.flotilla.protocol.v1.PartitionDescription;
import io.flotilla.protocol.v1.PartitionServiceGrpc;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.flotilla.protocol.v1.ReadRequest;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.RecordFormat;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.protocol.v1.TopicServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bare client of one broker: generated stubs, and the few calls that most tests make. */
public final class WireClient implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MESSAGE_BYTES_MAX = 32 << 20;

    private final ManagedChannel channel;

    public WireClient(Broker broker) {
        channel = NettyChannelBuilder.forAddress(
                        broker.grpc().host(), broker.grpc().port())
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    ProducerServiceGrpc.ProducerServiceBlockingStub producer() {
        return ProducerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    ConsumerServiceGrpc.ConsumerServiceBlockingStub consumer() {
        return ConsumerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    TopicServiceGrpc.TopicServiceBlockingStub topics() {
        return TopicServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    public ClusterServiceGrpc.ClusterServiceBlockingStub cluster() {
        return ClusterServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    PartitionServiceGrpc.PartitionServiceBlockingStub partitions() {
        return PartitionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    OperationServiceGrpc.OperationServiceBlockingStub operations() {
        return OperationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    GroupServiceGrpc.GroupServiceBlockingStub groups() {
        return GroupServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Creates a topic and waits until its first partition has a leader, which serves if it is the only replica. */
    public TopicPartition createTopic(String name, int replicationFactor) {
        topics().createTopic(CreateTopicRequest.newBuilder()
                .setName(name)
                .setPartitionCount(1)
                .setReplicationFactor(replicationFactor)
                .build());
        await().atMost(PATIENCE).until(() -> leaderOf(name) >= 0);
        if (replicationFactor == 1) {
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                    .until(() -> read(partition(name, 0), 0).getNextOffset() == 0);
        }
        return partition(name, 0);
    }

    /** Broker id of the leader of partition 0, -1 while none is known. */
    public int leaderOf(String topic) {
        PartitionDescription partition = topics().describeTopics(
                        DescribeTopicsRequest.newBuilder().addNames(topic).build())
                .getTopics(0)
                .getPartitions(0);
        return partition.hasLeaderBrokerId() ? partition.getLeaderBrokerId() : -1;
    }

    static TopicPartition partition(String topic, int partition) {
        return TopicPartition.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .build();
    }

    /** Appends, again and again as long as the failure is one that passes. */
    public AppendAck append(TopicPartition partition, String... values) {
        AppendRequest request = AppendRequest.newBuilder()
                .setPartition(partition)
                .setRecordBatch(ByteString.copyFrom(batch(values)))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return producer().append(request).getAck();
            } catch (StatusRuntimeException failure) {
                boolean passes = List.of("ERROR_REASON_NOT_LEADER", "ERROR_REASON_LEADER_NOT_READY")
                        .contains(reasonOf(failure));
                if (!passes || System.nanoTime() > deadline) {
                    throw failure;
                }
            }
        }
    }

    static ByteBuffer batch(String... values) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, 1 << 20);
        for (String value : values) {
            builder.tryAppend(1_000, null, value.getBytes(StandardCharsets.UTF_8), List.of());
        }
        return builder.build(-1, (short) -1, -1);
    }

    public RecordChunk read(TopicPartition partition, long offset) {
        return consumer()
                .read(ReadRequest.newBuilder()
                        .setPartition(partition)
                        .setOffset(offset)
                        .setFormat(RecordFormat.RECORD_FORMAT_RECORDS)
                        .build())
                .getChunk();
    }

    public List<String> values(TopicPartition partition, long offset) {
        return read(partition, offset).getRecordsList().stream()
                .map(record -> record.getValue().toStringUtf8())
                .toList();
    }

    /** The reason of a failure's ErrorInfo; empty if it has none. */
    static String reasonOf(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        return status == null ? "" : reasonOf(status);
    }

    static String reasonOf(com.google.rpc.Status status) {
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class).getReason();
                }
            }
            return "";
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError("the broker sent a detail that cannot be read", malformed);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Collects what a stream brings. */
    static final class Inbox<T> implements StreamObserver<T> {
        private final BlockingQueue<T> received = new LinkedBlockingQueue<>();
        private volatile @Nullable Throwable failure;
        private volatile boolean completed;

        /** The next message; fails the test if none comes in time. */
        T next() throws InterruptedException {
            T message = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came; completed=" + completed, failure);
            }
            return message;
        }

        boolean isEmpty() {
            return received.isEmpty();
        }

        boolean isCompleted() {
            return completed;
        }

        @Nullable
        Throwable failure() {
            return failure;
        }

        @Override
        public void onNext(T message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }

        @Override
        public void onCompleted() {
            completed = true;
        }
    }
}

package io.flotilla.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.client.NewTopic;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.protocol.v1.AppendRequest;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.ConsumerServiceGrpc.ConsumerServiceBlockingStub;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.flotilla.protocol.v1.ProducerServiceGrpc.ProducerServiceBlockingStub;
import io.flotilla.protocol.v1.ReadRequest;
import io.flotilla.protocol.v1.Record;
import io.flotilla.protocol.v1.RecordList;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.protocol.v1.TopicServiceGrpc;
import io.flotilla.protocol.v1.TopicServiceGrpc.TopicServiceBlockingStub;
import io.flotilla.protocol.v1.TrimPartitionRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A broker answers each bad request by a typed error, appends nothing, and goes on. Against one process. */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class BadRequestTest {
    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION =
            TopicPartition.newBuilder().setTopic(TOPIC).setPartition(0).build();
    private static final int LENGTH_AT = 8;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int COUNT_AT = 57;

    private static ProcessCluster cluster;
    private static ManagedChannel channel;
    private static ProducerServiceBlockingStub producers;
    private static ConsumerServiceBlockingStub consumers;
    private static TopicServiceBlockingStub topics;

    @BeforeAll
    static void startBroker(@TempDir Path folder) throws IOException {
        cluster = ProcessCluster.start(ClusterSettings.of(1, folder).withHeapMib(256));
        channel = ManagedChannelBuilder.forTarget(cluster.address(1))
                .usePlaintext()
                .build();
        producers = ProducerServiceGrpc.newBlockingStub(channel);
        consumers = ConsumerServiceGrpc.newBlockingStub(channel);
        topics = TopicServiceGrpc.newBlockingStub(channel);
        cluster.client().admin().createTopic(NewTopic.of(TOPIC, 1, 1));
        cluster.leaders().await(TOPIC, 1, Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopBroker() {
        channel.shutdownNow();
        cluster.close();
    }

    private static Arguments request(String name, ErrorCode expected, ThrowingCallable call) {
        return Arguments.of(name, expected, call);
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                request(
                        "append to an unknown topic",
                        ErrorCode.UNKNOWN_TOPIC,
                        () -> append(
                                PARTITION.toBuilder()
                                        .setTopic("nobody-made-this")
                                        .build(),
                                goodBatch())),
                request(
                        "append to a partition out of range",
                        ErrorCode.UNKNOWN_PARTITION,
                        () -> append(PARTITION.toBuilder().setPartition(1).build(), goodBatch())),
                request(
                        "append to a negative partition",
                        ErrorCode.UNKNOWN_PARTITION,
                        () -> append(PARTITION.toBuilder().setPartition(-1).build(), goodBatch())),
                request(
                        "append of nothing",
                        ErrorCode.INVALID_REQUEST,
                        () -> producers.append(AppendRequest.newBuilder()
                                .setPartition(PARTITION)
                                .build())),
                request(
                        "a record above the limit",
                        ErrorCode.RECORD_TOO_LARGE,
                        () -> producers.append(AppendRequest.newBuilder()
                                .setPartition(PARTITION)
                                .setRecords(RecordList.newBuilder()
                                        .addRecords(
                                                Record.newBuilder().setValue(ByteString.copyFrom(new byte[1_100_000]))))
                                .build())),
                request(
                        "a batch whose bytes were altered",
                        ErrorCode.CORRUPT_BATCH,
                        () -> append(
                                PARTITION,
                                damaged(batch -> batch.put(batch.limit() - 1, (byte) ~batch.get(batch.limit() - 1))))),
                request(
                        "a batch that says it is longer",
                        ErrorCode.CORRUPT_BATCH,
                        () -> append(
                                PARTITION, damaged(batch -> batch.putInt(LENGTH_AT, batch.getInt(LENGTH_AT) + 1)))),
                request(
                        "a batch that says it is 2 GiB long",
                        ErrorCode.CORRUPT_BATCH,
                        () -> append(PARTITION, damaged(batch -> batch.putInt(LENGTH_AT, Integer.MAX_VALUE)))),
                request(
                        "a batch cut off in its header",
                        ErrorCode.CORRUPT_BATCH,
                        () -> append(PARTITION, goodBatch().substring(0, RecordBatch.HEADER_BYTES - 1))),
                request(
                        "a batch that counts a record too many",
                        ErrorCode.CORRUPT_BATCH,
                        () -> append(PARTITION, resigned(batch -> batch.putInt(COUNT_AT, 2)
                                .putInt(LAST_OFFSET_DELTA_AT, 1)))),
                request(
                        "a batch whose offsets do not fit its count",
                        ErrorCode.INVALID_RECORD,
                        () -> append(PARTITION, resigned(batch -> batch.putInt(COUNT_AT, 2)))),
                request(
                        "a batch of an unknown codec",
                        ErrorCode.UNSUPPORTED_COMPRESSION,
                        () -> append(PARTITION, resigned(batch -> batch.putShort(ATTRIBUTES_AT, (short) 7)))),
                request("a read behind the end", ErrorCode.OFFSET_OUT_OF_RANGE, () -> read(1_000_000)),
                request("a read in front of the beginning", ErrorCode.OFFSET_OUT_OF_RANGE, () -> read(-1)),
                request("a trim behind the end", ErrorCode.OFFSET_OUT_OF_RANGE, () -> trim(PARTITION, 1_000_000)),
                request("a trim to a negative offset", ErrorCode.OFFSET_OUT_OF_RANGE, () -> trim(PARTITION, -1)),
                request(
                        "a trim of a partition out of range",
                        ErrorCode.UNKNOWN_PARTITION,
                        () -> trim(PARTITION.toBuilder().setPartition(1).build(), 0)),
                request("an existing topic", ErrorCode.TOPIC_ALREADY_EXISTS, () -> create(TOPIC, 1, 1)),
                request("a topic with a slash", ErrorCode.INVALID_TOPIC_NAME, () -> create("a/b", 1, 1)),
                request("a topic without a name", ErrorCode.INVALID_TOPIC_NAME, () -> create("", 1, 1)),
                request(
                        "a topic with too many partitions",
                        ErrorCode.INVALID_PARTITION_COUNT,
                        () -> create("wide", 10_001, 1)),
                request("more replicas than brokers", ErrorCode.INVALID_REPLICATION_FACTOR, () -> create("safe", 1, 3)),
                request(
                        "an unknown topic setting",
                        ErrorCode.INVALID_CONFIG,
                        () -> topics.createTopic(CreateTopicRequest.newBuilder()
                                .setName("odd")
                                .setPartitionCount(1)
                                .setReplicationFactor(1)
                                .putConfig("no.such.setting", "1")
                                .build())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badRequests")
    void shouldRefuseAndGoOn(String name, ErrorCode expected, ThrowingCallable call)
            throws InvalidProtocolBufferException {
        long before = append(PARTITION, goodBatch());

        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);

        assertThat(failure).as(name).isNotNull();
        assertThat(reasonOf(failure)).as("%s: %s", name, failure).isEqualTo("ERROR_REASON_" + expected);
        assertThat(append(PARTITION, goodBatch()))
                .as("offset of the next batch")
                .isEqualTo(before + 1);
        assertThat(cluster.unexpectedExits()).isEmpty();
    }

    @Test
    void shouldAnswerThatAnUnknownTopicCannotBeRead() throws InvalidProtocolBufferException {
        var partition = PARTITION.toBuilder().setTopic("nobody-made-this").build();

        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> consumers.read(
                        ReadRequest.newBuilder().setPartition(partition).build()));

        assertThat(reasonOf(failure)).isEqualTo("ERROR_REASON_UNKNOWN_TOPIC");
    }

    private static long append(TopicPartition partition, ByteString batch) {
        return producers
                .append(AppendRequest.newBuilder()
                        .setPartition(partition)
                        .setRecordBatch(batch)
                        .build())
                .getAck()
                .getBaseOffset();
    }

    private static void trim(TopicPartition partition, long offset) {
        var unused = topics.trimPartition(TrimPartitionRequest.newBuilder()
                .setPartition(partition)
                .setOffset(offset)
                .build());
    }

    private static void read(long offset) {
        var unused = consumers.read(ReadRequest.newBuilder()
                .setPartition(PARTITION)
                .setOffset(offset)
                .build());
    }

    private static void create(String name, int partitions, int replicas) {
        var unused = topics.createTopic(CreateTopicRequest.newBuilder()
                .setName(name)
                .setPartitionCount(partitions)
                .setReplicationFactor(replicas)
                .build());
    }

    /** One record, of no producer, so that it can be sent again and again. */
    private static ByteBuffer goodBytes() {
        var builder = new BatchBuilder(Compression.NONE, 1 << 10);
        byte[] value = "value".getBytes(StandardCharsets.UTF_8);
        assertThat(builder.tryAppend(1_700_000_000_000L, null, value, List.of()))
                .isTrue();
        ByteBuffer built = builder.build(-1, (short) -1, -1);
        return ByteBuffer.allocate(built.remaining()).put(built).flip();
    }

    private static ByteString goodBatch() {
        return ByteString.copyFrom(goodBytes());
    }

    private static ByteString damaged(Consumer<ByteBuffer> damage) {
        ByteBuffer batch = goodBytes();
        damage.accept(batch);
        return ByteString.copyFrom(batch);
    }

    /** As {@link #damaged}, with a checksum that fits the damage: the rules themselves must see it. */
    private static ByteString resigned(Consumer<ByteBuffer> damage) {
        return damaged(batch -> {
            damage.accept(batch);
            var crc = new CRC32C();
            crc.update(batch.duplicate().position(ATTRIBUTES_AT));
            batch.putInt(CRC_AT, (int) crc.getValue());
        });
    }

    private static String reasonOf(StatusRuntimeException failure) throws InvalidProtocolBufferException {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        assertThat(status).as("%s has no details", failure).isNotNull();
        for (var detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                return detail.unpack(ErrorInfo.class).getReason();
            }
        }
        throw new AssertionError("no ErrorInfo in " + status);
    }
}

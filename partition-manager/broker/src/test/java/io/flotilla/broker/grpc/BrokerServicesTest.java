package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.broker.grpc.WireClient.Inbox;
import io.flotilla.protocol.v1.AppendAck;
import io.flotilla.protocol.v1.AppendBatch;
import io.flotilla.protocol.v1.AppendOpen;
import io.flotilla.protocol.v1.AppendRequest;
import io.flotilla.protocol.v1.AppendStreamRequest;
import io.flotilla.protocol.v1.AppendStreamResponse;
import io.flotilla.protocol.v1.ConsumerServiceGrpc;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.DescribeBrokerRequest;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.InitProducerRequest;
import io.flotilla.protocol.v1.ListOffsetsRequest;
import io.flotilla.protocol.v1.ListOffsetsResponse;
import io.flotilla.protocol.v1.ListTopicsRequest;
import io.flotilla.protocol.v1.OffsetQuery;
import io.flotilla.protocol.v1.ProducerServiceGrpc;
import io.flotilla.protocol.v1.ReadAssign;
import io.flotilla.protocol.v1.ReadCredit;
import io.flotilla.protocol.v1.ReadOpen;
import io.flotilla.protocol.v1.ReadRequest;
import io.flotilla.protocol.v1.ReadStreamRequest;
import io.flotilla.protocol.v1.ReadStreamResponse;
import io.flotilla.protocol.v1.Record;
import io.flotilla.protocol.v1.RecordChunk;
import io.flotilla.protocol.v1.RecordFormat;
import io.flotilla.protocol.v1.RecordList;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.protocol.v1.TrimPartitionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One real broker, spoken to over real connections. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fixture is made before the first test
class BrokerServicesTest {
    private EmbeddedCluster running;
    private WireClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = EmbeddedCluster.start(new EmbeddedSettings(1, folder.resolve("cluster"), 0));
        client = new WireClient(running.brokers().get(0));
    }

    @AfterAll
    void stop() {
        client.close();
        running.close();
    }

    @Test
    void shouldReadBackWhatItAcknowledged() {
        TopicPartition partition = client.createTopic("round-trip", 1);

        AppendAck first = client.append(partition, "a", "b");
        AppendAck second = client.append(partition, "c");

        assertThat(first.getBaseOffset()).isZero();
        assertThat(first.getLastOffset()).isEqualTo(1);
        assertThat(second.getBaseOffset()).isEqualTo(2);
        assertThat(client.values(partition, 0)).containsExactly("a", "b", "c");
        assertThat(client.values(partition, 1)).containsExactly("b", "c");
        assertThat(client.read(partition, 3).getNextOffset()).isEqualTo(3);
    }

    @Test
    void shouldMakeABatchOfRecords() {
        TopicPartition partition = client.createTopic("records", 1);
        RecordList records = RecordList.newBuilder()
                .addRecords(
                        Record.newBuilder().setKey(ByteString.copyFromUtf8("k")).setTimestampMillis(7))
                .addRecords(Record.newBuilder().setValue(ByteString.EMPTY))
                .build();

        client.producer()
                .append(AppendRequest.newBuilder()
                        .setPartition(partition)
                        .setRecords(records)
                        .build());

        RecordChunk chunk = client.read(partition, 0);
        assertThat(chunk.getRecordsCount()).isEqualTo(2);
        assertThat(chunk.getRecords(0).getKey().toStringUtf8()).isEqualTo("k");
        assertThat(chunk.getRecords(0).hasValue()).isFalse();
        assertThat(chunk.getRecords(0).getTimestampMillis()).isEqualTo(7);
        assertThat(chunk.getRecords(1).hasValue()).isTrue();
    }

    @Test
    void shouldWaitForTheFirstRecord() {
        TopicPartition partition = client.createTopic("long-poll", 1);
        ReadRequest request = ReadRequest.newBuilder()
                .setPartition(partition)
                .setMaxWait(Duration.newBuilder().setSeconds(30))
                .setFormat(RecordFormat.RECORD_FORMAT_BATCHES)
                .build();

        CompletableFuture<RecordChunk> waiting = CompletableFuture.supplyAsync(
                () -> client.consumer().read(request).getChunk());
        client.append(partition, "a");

        assertThat(waiting.join().getNextOffset()).isEqualTo(1);
        assertThat(waiting.join().getBatches().isEmpty()).isFalse();
    }

    @Test
    void shouldEndTheWaitOfAReadWhenTheTopicIsDeleted() {
        TopicPartition partition = client.createTopic("long-poll-doomed", 1);
        ReadRequest request = ReadRequest.newBuilder()
                .setPartition(partition)
                .setMaxWait(Duration.newBuilder().setSeconds(30))
                .build();

        CompletableFuture<RecordChunk> waiting = CompletableFuture.supplyAsync(
                () -> client.consumer().read(request).getChunk());
        client.topics()
                .deleteTopic(DeleteTopicRequest.newBuilder()
                        .setName("long-poll-doomed")
                        .build());

        assertThat(waiting)
                .failsWithin(WireClient.PATIENCE.dividedBy(2))
                .withThrowableThat()
                .withCauseInstanceOf(StatusRuntimeException.class)
                .withMessageContaining("there is no topic 'long-poll-doomed'");
    }

    @Test
    void shouldAnswerAReadWithoutRecordsWhenItsWaitEnds() {
        TopicPartition partition = client.createTopic("long-poll-empty", 1);
        client.append(partition, "a");

        RecordChunk chunk = client.consumer()
                .read(ReadRequest.newBuilder()
                        .setPartition(partition)
                        .setOffset(1)
                        .setMaxWait(Duration.newBuilder().setNanos(20_000_000))
                        .build())
                .getChunk();

        assertThat(chunk.getNextOffset()).isEqualTo(1);
        assertThat(chunk.getHighWatermark()).isEqualTo(1);
    }

    @Test
    void shouldFindOffsetsByPositionAndTime() {
        TopicPartition partition = client.createTopic("offsets", 1);
        client.append(partition, "a", "b");

        ListOffsetsResponse response = client.consumer()
                .listOffsets(ListOffsetsRequest.newBuilder()
                        .addQueries(OffsetQuery.newBuilder()
                                .setPartition(partition)
                                .setEarliest(OffsetQuery.Earliest.getDefaultInstance()))
                        .addQueries(OffsetQuery.newBuilder()
                                .setPartition(partition)
                                .setLatest(OffsetQuery.Latest.getDefaultInstance()))
                        .addQueries(
                                OffsetQuery.newBuilder().setPartition(partition).setTimestampMillis(1_000))
                        .addQueries(
                                OffsetQuery.newBuilder().setPartition(partition).setTimestampMillis(1_001))
                        .addQueries(OffsetQuery.newBuilder()
                                .setPartition(WireClient.partition("nowhere", 0))
                                .setTimestampMillis(0))
                        .build());

        assertThat(response.getAnswers(0).getOffset()).isZero();
        assertThat(response.getAnswers(1).getOffset()).isEqualTo(2);
        assertThat(response.getAnswers(2).getOffset()).isZero();
        assertThat(response.getAnswers(2).getTimestampMillis()).isEqualTo(1_000);
        assertThat(response.getAnswers(3).getOffset()).isEqualTo(2);
        assertThat(response.getAnswers(3).hasTimestampMillis()).isFalse();
        assertThat(WireClient.reasonOf(response.getAnswers(4).getError())).isEqualTo("ERROR_REASON_UNKNOWN_TOPIC");
    }

    @Test
    void shouldTrimAndAnswerReadsOfWhatIsGoneWithTheRangeLeft() {
        TopicPartition partition = client.createTopic("trimmed", 1);
        client.append(partition, "a", "b", "c");
        TrimPartitionRequest request = TrimPartitionRequest.newBuilder()
                .setPartition(partition)
                .setOffset(2)
                .build();

        assertThat(client.topics().trimPartition(request).getLogStartOffset()).isEqualTo(2);
        assertThat(client.topics()
                        .trimPartition(request.toBuilder().setOffset(1).build())
                        .getLogStartOffset())
                .isEqualTo(2);

        assertThatThrownBy(() -> client.read(partition, 1)).hasMessageContaining("[2, 3]");
        assertThat(client.values(partition, 2)).containsExactly("c");
        assertThat(client.consumer()
                        .listOffsets(ListOffsetsRequest.newBuilder()
                                .addQueries(OffsetQuery.newBuilder()
                                        .setPartition(partition)
                                        .setEarliest(OffsetQuery.Earliest.getDefaultInstance()))
                                .build())
                        .getAnswers(0)
                        .getOffset())
                .isEqualTo(2);
    }

    @Test
    void shouldAnswerAppendsOfAStreamInOrderAndGoOnAfterARejection() throws InterruptedException {
        TopicPartition partition = client.createTopic("append-stream", 1);
        client.append(partition, "first");
        Inbox<AppendStreamResponse> inbox = new Inbox<>();
        StreamObserver<AppendStreamRequest> stream =
                ProducerServiceGrpc.newStub(client.channel()).appendStream(inbox);

        stream.onNext(AppendStreamRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPartition(partition))
                .build());
        for (int id = 0; id < 100; id++) {
            ByteBuffer batch = WireClient.batch("v" + id);
            if (id == 50) {
                batch = flipped(batch);
            }
            stream.onNext(AppendStreamRequest.newBuilder()
                    .setBatch(AppendBatch.newBuilder().setCorrelationId(id).setRecordBatch(ByteString.copyFrom(batch)))
                    .build());
        }
        stream.onCompleted();

        assertThat(inbox.next().getOpened().getMaxBatchBytes()).isEqualTo(1_048_588);
        for (int id = 0; id < 100; id++) {
            AppendStreamResponse response = inbox.next();
            if (id == 50) {
                assertThat(response.getReject().getCorrelationId()).isEqualTo(50);
                assertThat(WireClient.reasonOf(response.getReject().getStatus()))
                        .isEqualTo("ERROR_REASON_CORRUPT_BATCH");
            } else {
                assertThat(response.getAck().getCorrelationId()).isEqualTo(id);
                assertThat(response.getAck().getBaseOffset()).isEqualTo(id < 50 ? id + 1 : id);
            }
        }
        await().atMost(WireClient.PATIENCE).until(inbox::isCompleted);
    }

    @Test
    void shouldRefuseAnAppendStreamThatDoesNotOpen() {
        Inbox<AppendStreamResponse> inbox = new Inbox<>();
        StreamObserver<AppendStreamRequest> stream =
                ProducerServiceGrpc.newStub(client.channel()).appendStream(inbox);

        stream.onNext(AppendStreamRequest.newBuilder()
                .setBatch(AppendBatch.getDefaultInstance())
                .build());

        await().atMost(WireClient.PATIENCE).until(() -> inbox.failure() != null);
        assertThat(inbox.failure()).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> assertThat(
                        WireClient.reasonOf(failure))
                .isEqualTo("ERROR_REASON_INVALID_REQUEST"));
    }

    @Test
    void shouldSendNoMoreThanTheCreditOfAReadStream() throws InterruptedException {
        TopicPartition partition = client.createTopic("credit", 1);
        client.append(partition, "a");
        client.append(partition, "b");
        Inbox<ReadStreamResponse> inbox = new Inbox<>();
        StreamObserver<ReadStreamRequest> stream =
                ConsumerServiceGrpc.newStub(client.channel()).readStream(inbox);

        stream.onNext(ReadStreamRequest.newBuilder()
                .setOpen(ReadOpen.newBuilder()
                        .setFormat(RecordFormat.RECORD_FORMAT_RECORDS)
                        .setMaxChunkBytes(1)
                        .setHeartbeatInterval(Duration.newBuilder().setNanos(100_000_000)))
                .build());
        assertThat(inbox.next().hasOpened()).isTrue();
        stream.onNext(ReadStreamRequest.newBuilder()
                .setAssign(ReadAssign.newBuilder().setPartition(partition).setAssignmentId(9))
                .build());

        assertThat(nextHeartbeat(inbox).getHeartbeat().getPositionsCount()).isLessThanOrEqualTo(1);
        stream.onNext(credit(1));
        RecordChunk first = nextChunk(inbox);
        assertThat(first.getRecords(0).getValue().toStringUtf8()).isEqualTo("a");
        assertThat(first.getAssignmentId()).isEqualTo(9);
        ReadStreamResponse idle = nextHeartbeat(inbox);
        assertThat(idle.getHeartbeat().getPositions(0).getNextOffset()).isEqualTo(1);
        assertThat(idle.getHeartbeat().getPositions(0).getHighWatermark()).isEqualTo(2);

        stream.onNext(credit(1_000_000));
        assertThat(nextChunk(inbox).getRecords(0).getValue().toStringUtf8()).isEqualTo("b");
        client.append(partition, "c");
        assertThat(nextChunk(inbox).getRecords(0).getValue().toStringUtf8()).isEqualTo("c");

        stream.onCompleted();
        await().atMost(WireClient.PATIENCE).until(inbox::isCompleted);
    }

    @Test
    void shouldEndOnlyThePartitionThatCannotBeRead() throws InterruptedException {
        TopicPartition good = client.createTopic("read-good", 1);
        TopicPartition doomed = client.createTopic("read-doomed", 1);
        client.append(good, "a");
        Inbox<ReadStreamResponse> inbox = new Inbox<>();
        StreamObserver<ReadStreamRequest> stream =
                ConsumerServiceGrpc.newStub(client.channel()).readStream(inbox);
        stream.onNext(ReadStreamRequest.newBuilder()
                .setOpen(ReadOpen.newBuilder()
                        .setHeartbeatInterval(Duration.newBuilder().setNanos(100_000_000)))
                .build());
        assertThat(inbox.next().hasOpened()).isTrue();
        stream.onNext(credit(1_000_000));

        stream.onNext(assign(WireClient.partition("nowhere", 0), 0));
        assertThat(endReason(inbox)).isEqualTo("ERROR_REASON_UNKNOWN_TOPIC");
        stream.onNext(assign(good, 99));
        assertThat(endReason(inbox)).isEqualTo("ERROR_REASON_OFFSET_OUT_OF_RANGE");
        stream.onNext(assign(doomed, 0));
        client.topics()
                .deleteTopic(
                        DeleteTopicRequest.newBuilder().setName("read-doomed").build());
        assertThat(endReason(inbox)).isEqualTo("ERROR_REASON_UNKNOWN_TOPIC");
        stream.onNext(assign(good, 0));

        assertThat(nextChunk(inbox).getNextOffset()).isEqualTo(1);
        stream.onCompleted();
    }

    private static ReadStreamRequest assign(TopicPartition partition, long offset) {
        return ReadStreamRequest.newBuilder()
                .setAssign(ReadAssign.newBuilder().setPartition(partition).setOffset(offset))
                .build();
    }

    private static ReadStreamRequest credit(long bytes) {
        return ReadStreamRequest.newBuilder()
                .setCredit(ReadCredit.newBuilder().setTotalBytesGranted(bytes))
                .build();
    }

    private static String endReason(Inbox<ReadStreamResponse> inbox) throws InterruptedException {
        ReadStreamResponse response = inbox.next();
        while (!response.hasEnd()) {
            response = inbox.next();
        }
        return WireClient.reasonOf(response.getEnd().getStatus());
    }

    private static RecordChunk nextChunk(Inbox<ReadStreamResponse> inbox) throws InterruptedException {
        ReadStreamResponse response = inbox.next();
        while (response.hasHeartbeat()) {
            response = inbox.next();
        }
        return response.getChunk();
    }

    private static ReadStreamResponse nextHeartbeat(Inbox<ReadStreamResponse> inbox) throws InterruptedException {
        ReadStreamResponse response = inbox.next();
        assertThat(response.hasHeartbeat()).as("%s", response).isTrue();
        return response;
    }

    @Test
    void shouldHandOutDistinctProducerIds() {
        long first = client.producer()
                .initProducer(InitProducerRequest.getDefaultInstance())
                .getProducerId();
        long second = client.producer()
                .initProducer(InitProducerRequest.getDefaultInstance())
                .getProducerId();

        assertThat(second).isEqualTo(first + 1);
    }

    @Test
    void shouldListAndDeleteTopics() {
        client.createTopic("short-lived", 1);

        assertThat(client.topics()
                        .listTopics(ListTopicsRequest.getDefaultInstance())
                        .getTopicsList())
                .anySatisfy(topic -> {
                    assertThat(topic.getName()).isEqualTo("short-lived");
                    assertThat(topic.getTopicId()).matches("[0-9a-f]{32}");
                });
        client.topics()
                .deleteTopic(
                        DeleteTopicRequest.newBuilder().setName("short-lived").build());

        assertRefused(() -> client.leaderOf("short-lived"), Status.Code.NOT_FOUND, "ERROR_REASON_UNKNOWN_TOPIC");
    }

    @Test
    void shouldDescribeItselfAndItsCluster() {
        client.createTopic("described", 1);

        DescribeClusterResponse cluster = client.cluster().describeCluster(DescribeClusterRequest.getDefaultInstance());

        assertThat(cluster.getMetadataLeaderBrokerId()).isEqualTo(1);
        assertThat(cluster.getMetadataVoterBrokerIdsList()).containsExactly(1);
        assertThat(cluster.getBrokers(0).getEndpoint().getPort())
                .isEqualTo(running.brokers().get(0).grpc().port());
        assertThat(client.cluster()
                        .describeBroker(DescribeBrokerRequest.getDefaultInstance())
                        .getReplicasList())
                .anySatisfy(
                        replica -> assertThat(replica.getPartition().getTopic()).isEqualTo("described"));
    }

    @Test
    void shouldServeHealthAndReflection() throws InterruptedException {
        assertThat(HealthGrpc.newBlockingStub(client.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);

        Inbox<ServerReflectionResponse> inbox = new Inbox<>();
        StreamObserver<ServerReflectionRequest> reflection =
                ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(inbox);
        reflection.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        reflection.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("flotilla.v1.ConsumerService")
                .build());

        assertThat(inbox.next().getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("flotilla.v1.ProducerService", "flotilla.v1.TopicService", "grpc.health.v1.Health");
        // The file itself and everything it imports: without google.rpc.Status no tool could decode it.
        assertThat(inbox.next().getFileDescriptorResponse().getFileDescriptorProtoList())
                .extracting(BrokerServicesTest::fileName)
                .contains("flotilla/v1/consumer_service.proto", "google/rpc/status.proto", "google/protobuf/any.proto");
        reflection.onCompleted();
    }

    private static String fileName(ByteString descriptor) {
        try {
            return FileDescriptorProto.parseFrom(descriptor).getName();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError("reflection answered what is no descriptor", malformed);
        }
    }

    @Test
    void shouldRefuseBadRequestsWithTypedErrors() {
        TopicPartition partition = client.createTopic("bad-input", 1);
        client.append(partition, "a");
        ByteString corrupt = ByteString.copyFrom(flipped(WireClient.batch("a")));

        assertRefused(
                () -> client.append(WireClient.partition("nowhere", 0), "a"),
                Status.Code.NOT_FOUND,
                "ERROR_REASON_UNKNOWN_TOPIC");
        assertRefused(
                () -> client.append(WireClient.partition("bad-input", 1), "a"),
                Status.Code.NOT_FOUND,
                "ERROR_REASON_UNKNOWN_PARTITION");
        assertRefused(
                () -> client.append(WireClient.partition("bad-input", -1), "a"),
                Status.Code.NOT_FOUND,
                "ERROR_REASON_UNKNOWN_PARTITION");
        assertRefused(
                () -> client.producer().append(request(partition, corrupt)),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_CORRUPT_BATCH");
        assertRefused(
                () -> client.producer().append(request(partition, ByteString.EMPTY)),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_CORRUPT_BATCH");
        assertRefused(
                () -> client.producer()
                        .append(AppendRequest.newBuilder()
                                .setPartition(partition)
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_REQUEST");
        assertRefused(
                () -> client.producer()
                        .append(AppendRequest.newBuilder()
                                .setPartition(partition)
                                .setRecords(RecordList.getDefaultInstance())
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_RECORD");
        assertRefused(
                () -> client.producer()
                        .append(AppendRequest.newBuilder()
                                .setPartition(partition)
                                .setRecords(RecordList.newBuilder()
                                        .addRecords(
                                                Record.newBuilder().setValue(ByteString.copyFrom(new byte[2 << 20]))))
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_RECORD_TOO_LARGE");
        for (long offset : new long[] {-1, 2, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertRefused(
                    () -> client.read(partition, offset), Status.Code.OUT_OF_RANGE, "ERROR_REASON_OFFSET_OUT_OF_RANGE");
        }
        assertRefused(
                () -> client.consumer()
                        .read(ReadRequest.newBuilder()
                                .setPartition(partition)
                                .setMaxBytes(-1)
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_REQUEST");
        assertRefused(
                () -> client.consumer()
                        .read(ReadRequest.newBuilder()
                                .setPartition(partition)
                                .setMaxWait(Duration.newBuilder().setSeconds(-1))
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_REQUEST");
        assertThat(client.values(partition, 0)).containsExactly("a");
    }

    private static AppendRequest request(TopicPartition partition, ByteString batch) {
        return AppendRequest.newBuilder()
                .setPartition(partition)
                .setRecordBatch(batch)
                .build();
    }

    private static ByteBuffer flipped(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate());
        copy.put(copy.capacity() - 1, (byte) (copy.get(copy.capacity() - 1) ^ 1));
        return copy.flip();
    }

    @Test
    void shouldRefuseBadTopicsWithTypedErrors() {
        client.createTopic("taken", 1);

        assertCreationRefused(topic("taken"), Status.Code.ALREADY_EXISTS, "ERROR_REASON_TOPIC_ALREADY_EXISTS");
        for (String name : new String[] {"", ".", "..", "a/b", "a b", "x".repeat(250)}) {
            assertCreationRefused(topic(name), Status.Code.INVALID_ARGUMENT, "ERROR_REASON_INVALID_TOPIC_NAME");
        }
        assertCreationRefused(
                topic("wide").setReplicationFactor(2),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_REPLICATION_FACTOR");
        assertCreationRefused(
                topic("none").setPartitionCount(-1),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_PARTITION_COUNT");
        assertCreationRefused(
                topic("odd").putConfig("retention.mss", "1"),
                Status.Code.INVALID_ARGUMENT,
                "ERROR_REASON_INVALID_CONFIG");
        assertRefused(
                () -> client.topics()
                        .deleteTopic(DeleteTopicRequest.newBuilder()
                                .setName("nowhere")
                                .build()),
                Status.Code.NOT_FOUND,
                "ERROR_REASON_UNKNOWN_TOPIC");
        assertRefused(
                () -> client.topics()
                        .describeTopics(DescribeTopicsRequest.newBuilder()
                                .addNames("nowhere")
                                .build()),
                Status.Code.NOT_FOUND,
                "ERROR_REASON_UNKNOWN_TOPIC");
    }

    private static CreateTopicRequest.Builder topic(String name) {
        return CreateTopicRequest.newBuilder().setName(name);
    }

    private void assertCreationRefused(CreateTopicRequest.Builder request, Status.Code code, String reason) {
        assertRefused(() -> client.topics().createTopic(request.build()), code, reason);
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String reason) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).as("%s", failure).isEqualTo(code);
            assertThat(WireClient.reasonOf(failure)).as("%s", failure).isEqualTo(reason);
        });
    }
}

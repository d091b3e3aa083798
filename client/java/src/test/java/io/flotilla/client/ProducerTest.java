package io.flotilla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.scripted.Script;
import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProducerTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);

    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = ScriptedCluster.start(3).withTopic("orders", 3);
        client = FlotillaClient.connect(cluster.settings());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldStoreRecordsAsTheyAre(Compression compression) throws Exception {
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withCompression(compression))) {
            ProducerRecord record = ProducerRecord.of(P0, "key".getBytes(UTF_8), "value".getBytes(UTF_8))
                    .withHeaders(List.of(new RecordHeader("h", null), new RecordHeader("h", new byte[] {1})))
                    .withTimestamp(123);

            RecordMetadata stored = producer.send(record).get();

            assertThat(stored).isEqualTo(new RecordMetadata(P0, 0, 123, 1, false));
            LogRecord read = cluster.records(P0).get(0);
            assertThat(read.key()).isEqualTo(record.key());
            assertThat(read.value()).isEqualTo(record.value());
            assertThat(read.headers()).isEqualTo(record.headers());
            assertThat(read.timestampMillis()).isEqualTo(123);
        }
    }

    @Test
    void shouldKeepOrderAndOffsetsOverManyBatches() {
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(1_024))) {
            List<CompletableFuture<RecordMetadata>> sent = sendNumbered(producer, P0, 0, 5_000);
            producer.flush();

            assertThat(sent).allMatch(CompletableFuture::isDone);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).join().offset()).isEqualTo(i);
            }
            assertThat(values(P0)).isEqualTo(numbers(0, 5_000));
        }
    }

    @Test
    void shouldUseAddedPartitionsOnceItsKnowledgeIsOld() {
        try (FlotillaClient forgetful =
                        FlotillaClient.connect(cluster.settings().withMetadataMaxAge(Duration.ofMillis(100)));
                Producer producer = forgetful.producer(ProducerSettings.DEFAULT.withLinger(Duration.ZERO))) {
            producer.send(ProducerRecord.of(P0, null, new byte[1])).join();

            cluster.withTopic("orders", 300);

            Random keys = new Random(7);
            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () -> producer.send(ProducerRecord.of("orders", someKey(keys), new byte[1]))
                                    .join()
                                    .partition()
                                    .partition(),
                            partition -> partition >= 3);
        }
    }

    private static byte[] someKey(Random random) {
        byte[] key = new byte[8];
        random.nextBytes(key);
        return key;
    }

    @Test
    void shouldAskAnewForAPartitionItDoesNotKnow() {
        TopicPartition added = new TopicPartition("orders", 3);
        try (Producer producer = client.producer(ProducerSettings.DEFAULT)) {
            producer.send(ProducerRecord.of(P0, null, new byte[1])).join();

            cluster.withTopic("orders", 4);

            assertThat(producer.send(ProducerRecord.of(added, null, new byte[1]))
                            .join()
                            .partition())
                    .isEqualTo(added);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "break", "lost-ack", "timeout", "go-away", "not-ready"})
    void shouldStoreOnceAndInOrderWhateverGoesWrong(String trouble) {
        Script.Step step =
                switch (trouble) {
                    case "reject" -> new Script.Reject(ErrorCode.OVERLOADED);
                    case "break" -> new Script.Break();
                    case "lost-ack" -> new Script.AppendThenBreak();
                    case "timeout" -> new Script.AppendThenTimeOut();
                    case "go-away" -> new Script.SendGoAway();
                    default -> new Script.Reject(ErrorCode.LEADER_NOT_READY);
                };
        cluster.script.then(new Script.Serve(), step, new Script.Serve(), step, step);

        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(1_024))) {
            List<CompletableFuture<RecordMetadata>> sent = sendNumbered(producer, P0, 0, 500);
            producer.flush();

            assertThat(values(P0)).isEqualTo(numbers(0, 500));
            assertThat(sent.stream().map(future -> future.join().offset()))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldReportAnAppendWhoseAnswerWasLostAsDuplicate() throws Exception {
        cluster.script.then(new Script.AppendThenBreak());

        try (Producer producer = client.producer()) {
            assertThat(producer.send(record(P0, 1)).get().duplicate()).isTrue();
        }
    }

    @Test
    void shouldFollowTheLeader() throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(record(P0, 0)).get();

            cluster.moveLeader(P0, 2);
            producer.send(record(P0, 1)).get();
            cluster.moveLeader(P0, 1);
            producer.send(record(P0, 2)).get();

            assertThat(values(P0)).isEqualTo(numbers(0, 3));
        }
    }

    @Test
    void shouldSurviveTheDeathOfALeader() throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(record(P0, 0)).get();

            cluster.broker(0).stop();
            CompletableFuture<RecordMetadata> sent = producer.send(record(P0, 1));
            cluster.moveLeader(P0, 1);

            assertThat(sent.get().offset()).isEqualTo(1);
        }
    }

    @Test
    void shouldSurviveARestartOfAllBrokers() throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(record(P0, 0)).get();

            for (int id = 0; id < 3; id++) {
                cluster.broker(id).stop();
            }
            List<CompletableFuture<RecordMetadata>> sent = sendNumbered(producer, P0, 1, 100);
            await().pollDelay(Duration.ofMillis(500)).until(() -> sent.stream().noneMatch(CompletableFuture::isDone));
            for (int id = 0; id < 3; id++) {
                cluster.broker(id).start();
            }
            producer.flush();

            assertThat(values(P0)).isEqualTo(numbers(0, 101));
        }
    }

    @Test
    void shouldLeaveALeaderThatFellSilent() throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(record(P0, 0)).get();

            cluster.broker(0).fallSilent();
            CompletableFuture<RecordMetadata> sent = producer.send(record(P0, 1));
            cluster.moveLeader(P0, 1);

            assertThat(sent.get(20, TimeUnit.SECONDS).offset()).isEqualTo(1);
        }
    }

    @Test
    void shouldResendABatchThatGetsNoAnswer() throws Exception {
        cluster.script.then(new Script.Ignore());

        try (Producer producer = client.producer()) {
            assertThat(producer.send(record(P0, 0)).get().offset()).isZero();
        }
    }

    @Test
    void shouldGoOnBehindABatchThatWasRefused() {
        cluster.script.then(new Script.Serve(), new Script.Reject(ErrorCode.INVALID_RECORD));

        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(1_024))) {
            List<CompletableFuture<RecordMetadata>> sent = sendNumbered(producer, P0, 0, 500);
            producer.flush();

            List<CompletableFuture<RecordMetadata>> failed = sent.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .toList();
            assertThat(failed).isNotEmpty().hasSizeLessThan(100);
            assertThat(failureOf(failed.get(0)).code()).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(failureOf(failed.get(0)).details()).containsEntry("outcome", "not_appended");
            assertThat(values(P0)).hasSize(500 - failed.size()).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldBeginAnewWhenThePartitionForgotTheProducer() throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(record(P0, 0)).get();

            cluster.forgetProducers(P0);

            assertThat(producer.send(record(P0, 1)).get().offset()).isEqualTo(1);
        }
    }

    @Test
    void shouldSayThatTheOutcomeIsUnknownAfterTheDeliveryTimeout() {
        cluster.script.rejectEverything(ErrorCode.TIMEOUT);

        try (Producer producer =
                client.producer(ProducerSettings.DEFAULT.withDeliveryTimeout(Duration.ofMillis(300)))) {
            LogException failure = failureOf(producer.send(record(P0, 0)));

            assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failure.details()).containsEntry("outcome", "unknown");
            assertThat(failure)
                    .hasMessageContaining("orders-0")
                    .hasMessageContaining("300 ms")
                    .hasMessageContaining("last answer: TIMEOUT, ");

            cluster.script.serveAgain();
            // Unknown it is: the last attempt may be on its way yet, and be stored before this record.
            assertThat(producer.send(record(P0, 1)).join().offset()).isBetween(0L, 1L);
            assertThat(values(P0)).last().isEqualTo(1);
        }
    }

    @Test
    void shouldSayThatNothingIsStoredWhenNoLeaderEverTookIt() {
        cluster.depose(P0);

        try (Producer producer =
                client.producer(ProducerSettings.DEFAULT.withDeliveryTimeout(Duration.ofMillis(300)))) {
            LogException failure = failureOf(producer.send(record(P0, 0)));

            assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failure.details()).containsEntry("outcome", "not_appended");
        }
    }

    @Test
    void shouldFailForATopicThatDoesNotExist() {
        try (Producer producer = client.producer()) {
            LogException failure = failureOf(producer.send(ProducerRecord.of("nowhere", null, new byte[1])));

            assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
        }
    }

    @Test
    void shouldBlockAndThenFailWhenTheBufferIsFull() {
        cluster.script.rejectEverything(ErrorCode.OVERLOADED);
        ProducerSettings small =
                ProducerSettings.DEFAULT.withBufferBytes(1 << 20).withBlockTimeout(Duration.ofMillis(100));

        try (Producer producer = client.producer(small)) {
            CompletableFuture<RecordMetadata> fits = producer.send(ProducerRecord.of(P0, null, new byte[900_000]));
            LogException failure = failureOf(producer.send(ProducerRecord.of(P0, null, new byte[900_000])));

            assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failure).hasMessageContaining("bufferBytes");
            assertThat(failure.details()).containsEntry("outcome", "not_appended");
            cluster.script.serveAgain();
            assertThat(fits.join().offset()).isZero();
        }
    }

    @Test
    void shouldFailWhatIsLeftWhenClosedInAHurry() {
        cluster.script.rejectEverything(ErrorCode.OVERLOADED);
        Producer producer = client.producer();
        CompletableFuture<RecordMetadata> sent = producer.send(record(P0, 0));

        producer.close(Duration.ofMillis(50));

        assertThat(failureOf(sent).code()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThatThrownBy(() -> producer.send(record(P0, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldSendEverythingBeforeItIsClosed() {
        Producer producer = client.producer(ProducerSettings.DEFAULT.withLinger(Duration.ofSeconds(10)));
        CompletableFuture<RecordMetadata> sent = producer.send(record(P0, 0));

        producer.close();

        assertThat(sent.join().offset()).isZero();
    }

    /** Leaders move, brokers restart and streams break at random; every acknowledged record is there once, in order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldStoreEachRecordOnceUnderRandomTrouble(long seed) throws Exception {
        Random random = new Random(seed);
        Map<TopicPartition, List<Integer>> expected = new TreeMap<>();
        try (Producer producer = client.producer(ProducerSettings.DEFAULT
                .withBatchBytes(2_048)
                .withLinger(Duration.ofMillis(1))
                .withCompression(Compression.NONE))) {
            for (int round = 0; round < 40; round++) {
                for (int p = 0; p < 3; p++) {
                    TopicPartition partition = new TopicPartition("orders", p);
                    int from = round * 50;
                    sendNumbered(producer, partition, from, 50);
                    expected.computeIfAbsent(partition, first -> new ArrayList<>())
                            .addAll(numbers(from, 50));
                }
                trouble(random);
            }
            producer.flush();
        }

        expected.forEach((partition, numbers) ->
                assertThat(values(partition)).as("%s, seed %d", partition, seed).isEqualTo(numbers));
    }

    private void trouble(Random random) throws IOException {
        TopicPartition partition = new TopicPartition("orders", random.nextInt(3));
        switch (random.nextInt(8)) {
            case 0 -> cluster.moveLeader(partition, random.nextInt(3));
            case 1 -> {
                int id = random.nextInt(3);
                cluster.broker(id).stop();
                cluster.broker(id).start();
            }
            case 2 -> cluster.script.then(new Script.AppendThenBreak());
            case 3 -> cluster.script.then(new Script.Reject(ErrorCode.OVERLOADED));
            case 4 -> cluster.script.then(new Script.AppendThenTimeOut(), new Script.Break());
            case 5 -> cluster.script.then(new Script.Reject(ErrorCode.NO_QUORUM));
            default -> cluster.script.then(new Script.Serve(), new Script.Serve());
        }
    }

    private static List<CompletableFuture<RecordMetadata>> sendNumbered(
            Producer producer, TopicPartition partition, int from, int count) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            sent.add(producer.send(record(partition, i)));
        }
        return sent;
    }

    private static ProducerRecord record(TopicPartition partition, int number) {
        return ProducerRecord.of(partition, null, Integer.toString(number).getBytes(UTF_8));
    }

    private List<Integer> values(TopicPartition partition) {
        List<Integer> values = new ArrayList<>();
        for (LogRecord record : cluster.records(partition)) {
            byte[] value = record.value();
            assertThat(value).isNotNull();
            values.add(Integer.valueOf(new String(value, UTF_8)));
        }
        return values;
    }

    private static List<Integer> numbers(int from, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static LogException failureOf(CompletableFuture<?> future) {
        try {
            Object result = future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, got " + result);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LogException failure) {
                return failure;
            }
            throw new AssertionError(failed);
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }
}

package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConsumerTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ConsumerSettings QUICK =
            ConsumerSettings.DEFAULT.withHeartbeatInterval(Duration.ofMillis(100));

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

    @Test
    void shouldReadWhatWasWritten() {
        produce(P0, 1_000);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));

            assertThat(read(consumer, 1_000)).isEqualTo(offsets(0, 1_000));
            assertThat(consumer.position(P0)).isEqualTo(1_000);
            assertThat(consumer.highWatermark(P0)).hasValue(1_000);
            assertThat(consumer.lag(P0)).hasValue(0);
        }
    }

    @Test
    void shouldBeginInTheMiddleOfABatch() {
        produce(P0, 100);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0), Position.offset(42));

            assertThat(read(consumer, 58)).isEqualTo(offsets(42, 58));
        }
    }

    @Test
    void shouldReadOnlyWhatComesAfterTheEnd() {
        produce(P0, 10);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0), Position.end());
            assertThat(consumer.position(P0)).isEqualTo(10);
            produce(P0, 5);

            assertThat(read(consumer, 5)).isEqualTo(offsets(10, 5));
        }
    }

    @Test
    void shouldFindATimestamp() {
        try (Producer producer = client.producer()) {
            for (int i = 0; i < 10; i++) {
                producer.send(ProducerRecord.of(P0, null, new byte[1]).withTimestamp(1_000 + i * 10))
                        .join();
            }
        }

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0), Position.timestamp(1_045));

            assertThat(consumer.position(P0)).isEqualTo(5);
        }
    }

    @Test
    void shouldSeekWithoutShowingWhatWasReadAhead() {
        produce(P0, 2_000);

        try (Consumer consumer = client.consumer(QUICK.withPollRecordsMax(10))) {
            consumer.assign(List.of(P0));
            assertThat(read(consumer, 10)).isEqualTo(offsets(0, 10));

            consumer.seek(P0, Position.offset(1_500));
            assertThat(read(consumer, 10)).isEqualTo(offsets(1_500, 10));
            consumer.seek(P0, Position.beginning());
            assertThat(read(consumer, 10)).isEqualTo(offsets(0, 10));
        }
    }

    @Test
    void shouldPauseAndResumeWhereItWas() {
        produce(P0, 1_000);
        produce(P1, 1_000);

        try (Consumer consumer = client.consumer(QUICK.withPollRecordsMax(50))) {
            consumer.assign(List.of(P0, P1));
            List<ConsumerRecord> before = readRecords(consumer, 300);
            consumer.pause(List.of(P0));
            assertThat(consumer.paused()).isEqualTo(Set.of(P0));
            List<ConsumerRecord> during = readRecords(consumer, 300);
            consumer.resume(List.of(P0));
            List<ConsumerRecord> after = readRecords(consumer, 2_000 - before.size() - during.size());

            assertThat(during).allMatch(record -> record.partition().equals(P1));
            List<ConsumerRecord> all = new ArrayList<>(before);
            all.addAll(during);
            all.addAll(after);
            assertThat(offsetsOf(all, P0)).isEqualTo(offsets(0, 1_000));
            assertThat(offsetsOf(all, P1)).isEqualTo(offsets(0, 1_000));
        }
    }

    @Test
    void shouldNotReadFurtherAheadThanItsCredit() {
        produce(P0, 20_000);
        long everything = 20_000 * 60L;

        try (Consumer consumer = client.consumer(QUICK.withPrefetchBytes(64 << 10))) {
            consumer.assign(List.of(P0));
            readRecords(consumer, 1);
            await().during(Duration.ofMillis(300)).until(() -> cluster.broker(0).chunkBytesSent() < everything / 2);

            assertThat(cluster.broker(0).chunkBytesSent()).isLessThan((64 << 10) + (600 << 10));
            readRecords(consumer, 19_499);
        }
    }

    @Test
    void shouldFollowTheLeader() {
        produce(P0, 100);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));
            List<Long> seen = new ArrayList<>(read(consumer, 100));
            cluster.moveLeader(P0, 2);
            produce(P0, 100);
            seen.addAll(read(consumer, 100));

            assertThat(seen).isEqualTo(offsets(0, 200));
        }
    }

    @Test
    void shouldSurviveTheDeathOfALeader() {
        produce(P0, 100);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));
            List<Long> seen = new ArrayList<>(read(consumer, 100));
            cluster.broker(0).stop();
            cluster.moveLeader(P0, 1);
            produce(P0, 100);
            seen.addAll(read(consumer, 100));

            assertThat(seen).isEqualTo(offsets(0, 200));
        }
    }

    @Test
    void shouldLeaveABrokerThatFellSilent() {
        produce(P0, 100);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));
            List<Long> seen = new ArrayList<>(read(consumer, 100));
            cluster.broker(0).fallSilent();
            cluster.moveLeader(P0, 1);
            produce(P0, 100);
            seen.addAll(read(consumer, 100));

            assertThat(seen).isEqualTo(offsets(0, 200));
        }
    }

    @Test
    void shouldFailLoudlyWhenItsOffsetIsGone() {
        produce(P0, 100);
        cluster.trim(P0, 50);

        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0), Position.offset(10));

            assertThatThrownBy(() -> readRecords(consumer, 1)).isInstanceOfSatisfying(OffsetOutOfRange.class, range -> {
                assertThat(range.offset()).isEqualTo(10);
                assertThat(range.logStartOffset()).isEqualTo(50);
                assertThat(range).hasMessageStartingWith("orders-0: offset 10 is outside [50, 100]");
            });
            assertThatThrownBy(() -> consumer.poll(POLL)).isInstanceOf(OffsetOutOfRange.class);
            consumer.seek(P0, Position.beginning());
            assertThat(read(consumer, 50)).isEqualTo(offsets(50, 50));
        }
    }

    @Test
    void shouldGoOnElsewhereWhereItsPolicySaysSo() {
        produce(P0, 100);
        cluster.trim(P0, 50);

        try (Consumer consumer = client.consumer(QUICK.withOutOfRange(OutOfRangePolicy.EARLIEST))) {
            consumer.assign(List.of(P0), Position.offset(10));
            assertThat(read(consumer, 50)).isEqualTo(offsets(50, 50));
        }
        try (Consumer consumer = client.consumer(QUICK.withOutOfRange(OutOfRangePolicy.LATEST))) {
            consumer.assign(List.of(P0), Position.offset(10));
            await().until(() -> {
                consumer.poll(Duration.ofMillis(10));
                return consumer.position(P0) == 100;
            });
        }
    }

    @Test
    void shouldAskLeadersForOffsets() {
        produce(P0, 100);
        produce(P1, 7);
        cluster.trim(P0, 20);

        try (Consumer consumer = client.consumer(QUICK)) {
            assertThat(consumer.endOffsets(List.of(P0, P1))).isEqualTo(Map.of(P0, 100L, P1, 7L));
            assertThat(consumer.beginningOffsets(List.of(P0, P1))).isEqualTo(Map.of(P0, 20L, P1, 0L));
            cluster.moveLeader(P0, 2);
            assertThat(consumer.endOffsets(List.of(P0))).isEqualTo(Map.of(P0, 100L));
        }
    }

    @Test
    void shouldLeaveAPollWhenWokenUp() throws Exception {
        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));
            consumer.wakeup();

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(30))).isInstanceOf(WakeupException.class);
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void shouldKeepASecondThreadOut() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Consumer consumer = client.consumer(QUICK)) {
            consumer.assign(List.of(P0));
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<Void> polling = CompletableFuture.runAsync(
                    () -> {
                        started.countDown();
                        consumer.poll(Duration.ofSeconds(30));
                    },
                    other);
            started.await();

            await().untilAsserted(() ->
                    assertThatThrownBy(consumer::assignment).isInstanceOf(ConcurrentModificationException.class));
            consumer.wakeup();
            assertThatThrownBy(polling::join).hasCauseInstanceOf(WakeupException.class);
        } finally {
            other.shutdownNow();
        }
    }

    /** Streams break, leaders move and brokers restart while everything is read exactly once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeitherSkipNorRepeatUnderRandomTrouble(long seed) throws Exception {
        Random random = new Random(seed);
        List<TopicPartition> partitions = List.of(P0, P1, new TopicPartition("orders", 2));
        partitions.forEach(partition -> produce(partition, 3_000));

        List<ConsumerRecord> seen = new ArrayList<>();
        try (Consumer consumer =
                client.consumer(QUICK.withPrefetchBytes(64 << 10).withPollRecordsMax(100))) {
            consumer.assign(partitions);
            while (seen.size() < 9_000) {
                seen.addAll(consumer.poll(POLL));
                int id = random.nextInt(3);
                switch (random.nextInt(12)) {
                    case 0 -> cluster.moveLeader(partitions.get(id), random.nextInt(3));
                    case 1 -> {
                        cluster.broker(id).stop();
                        cluster.broker(id).start();
                    }
                    case 2 -> cluster.broker(id).breakNextChunk();
                    case 3 -> consumer.pause(List.of(partitions.get(id)));
                    default -> consumer.resume(partitions);
                }
            }
        }

        for (TopicPartition partition : partitions) {
            assertThat(offsetsOf(seen, partition))
                    .as("%s, seed %d", partition, seed)
                    .isEqualTo(offsets(0, 3_000));
        }
    }

    private void produce(TopicPartition partition, int count) {
        try (Producer producer =
                client.producer(ProducerSettings.DEFAULT.withBatchBytes(4_096).withCompression(Compression.NONE))) {
            for (int i = 0; i < count; i++) {
                var unused = producer.send(ProducerRecord.of(partition, null, new byte[50]));
            }
            producer.flush();
        }
    }

    private static List<Long> read(Consumer consumer, int count) {
        return readRecords(consumer, count).stream().map(ConsumerRecord::offset).toList();
    }

    private static List<ConsumerRecord> readRecords(Consumer consumer, int count) {
        List<ConsumerRecord> records = new ArrayList<>();
        while (records.size() < count) {
            records.addAll(consumer.poll(POLL));
        }
        return records;
    }

    private static List<Long> offsetsOf(List<ConsumerRecord> records, TopicPartition partition) {
        return records.stream()
                .filter(record -> record.partition().equals(partition))
                .map(ConsumerRecord::offset)
                .toList();
    }

    private static List<Long> offsets(long from, int count) {
        List<Long> offsets = new ArrayList<>();
        for (long i = from; i < from + count; i++) {
            offsets.add(i);
        }
        return offsets;
    }
}

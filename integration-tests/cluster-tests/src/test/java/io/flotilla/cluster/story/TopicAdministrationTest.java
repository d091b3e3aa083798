package io.flotilla.cluster.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Admin;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that change, go and come back while brokers and clients run. */
final class TopicAdministrationTest {
    private static final int BROKERS = 3;
    private static final int RECORDS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ProcessCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static FlotillaClient client;

    @BeforeAll
    static void startCluster(@TempDir Path folder) throws IOException {
        cluster = ProcessCluster.start(
                ClusterSettings.of(BROKERS, folder).withHeapMib(256).with("log.retention.check.interval.ms", "200"));
        client = FlotillaClient.connect(ClientSettings.of(cluster.bootstrap())
                .withMetadataMaxAge(Duration.ofMillis(200))
                .withTopicGrace(Duration.ofMillis(200)));
    }

    @AfterAll
    static void stopCluster() {
        client.close();
        cluster.close();
    }

    /** Another client's, so that nothing is known here of what it does but what brokers tell. */
    private static Admin admin() {
        return cluster.client().admin();
    }

    private static TopicPartition topic(String name, Map<String, String> config) {
        admin().createTopic(new NewTopic(name, 1, BROKERS, config));
        cluster.leaders().await(name, 1, PATIENCE);
        return new TopicPartition(name, 0);
    }

    private static void write(TopicPartition partition) {
        try (Producer producer = client.producer(ProducerSettings.DEFAULT)) {
            List<CompletableFuture<RecordMetadata>> sent = IntStream.range(0, RECORDS)
                    .mapToObj(number -> producer.send(ProducerRecord.of(
                            partition, null, Integer.toString(number).getBytes(UTF_8))))
                    .toList();
            sent.forEach(CompletableFuture::join);
        }
    }

    private static List<String> read(TopicPartition partition) {
        List<String> values = new ArrayList<>();
        try (Consumer consumer = client.consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(partition));
            Awaiting.until(
                    PATIENCE,
                    "all records of " + partition,
                    () -> {
                        for (ConsumerRecord record : consumer.poll(Duration.ofMillis(100))) {
                            values.add(new String(record.value(), UTF_8));
                        }
                        return values.size() >= RECORDS;
                    },
                    () -> values.size() + " records");
        }
        return values;
    }

    private static List<String> numbers() {
        return IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).satisfies(thrown -> {
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            assertThat(cause).isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                    .isEqualTo(code));
        });
    }

    /** Folders of a topic's replicas on all brokers. */
    private static List<Path> replicaFolders(ProcessCluster brokers, String topicId) {
        return brokers.brokerIds().stream()
                .flatMap(id -> {
                    try (Stream<Path> folders =
                            Files.list(brokers.dataDirectory(id).resolve("partitions"))) {
                        return folders
                                .filter(folder -> folder.getFileName()
                                        .toString()
                                        .replace("-", "")
                                        .startsWith(topicId))
                                .toList()
                                .stream();
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                })
                .toList();
    }

    private static void awaitNoReplicas(ProcessCluster brokers, String topicId) {
        Awaiting.until(
                PATIENCE,
                "the replicas of topic " + topicId + " to go",
                () -> replicaFolders(brokers, topicId).isEmpty(),
                () -> replicaFolders(brokers, topicId).toString());
    }

    @Test
    void shouldWriteToAddedPartitionsWithoutARestartOfTheProducer() {
        topic("growing", Map.of());
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withLinger(Duration.ZERO))) {
            producer.send(ProducerRecord.of("growing", null, new byte[1])).join();

            TopicDescription grown = admin().addPartitions("growing", 6);
            assertThat(grown.partitionCount()).isEqualTo(6);
            assertThat(admin().addPartitions("growing", 6).partitionCount()).isEqualTo(6);
            cluster.leaders().await("growing", 6, PATIENCE);
            Random keys = new Random(7);

            Awaiting.until(
                    PATIENCE,
                    "a record in an added partition",
                    () -> producer.send(ProducerRecord.of("growing", someKey(keys), new byte[1]))
                                    .join()
                                    .partition()
                                    .partition()
                            > 0,
                    () -> "all went to partition 0");
            for (int partition = 0; partition < 6; partition++) {
                producer.send(ProducerRecord.of(new TopicPartition("growing", partition), null, new byte[1]))
                        .join();
            }
        }
        assertFails(() -> admin().addPartitions("growing", 5), ErrorCode.INVALID_PARTITION_COUNT);
    }

    private static byte[] someKey(Random random) {
        byte[] key = new byte[8];
        random.nextBytes(key);
        return key;
    }

    @Test
    void shouldGoByChangedSettingsWithoutARestart() {
        TopicPartition partition = topic("changing", Map.of("segment.bytes", "65536"));
        byte[] large = new byte[40_000];
        new Random(7).nextBytes(large); // what cannot be compressed
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withBatchBytes(60_000))) {
            for (int i = 0; i < 10; i++) {
                producer.send(ProducerRecord.of(partition, null, large)).join();
            }

            assertThat(admin().alterTopicConfig("changing", Map.of("max.message.bytes", "20000"), List.of())
                            .config())
                    .isEqualTo(Map.of("segment.bytes", "65536", "max.message.bytes", "20000"));
            awaitAnswer(producer, partition, large, ErrorCode.RECORD_TOO_LARGE);
            admin().alterTopicConfig("changing", Map.of("retention.bytes", "100000"), List.of("max.message.bytes"));
            awaitAnswer(producer, partition, large, null);
        }

        Awaiting.until(
                PATIENCE,
                "retention to drop the first records",
                () -> admin().listOffsets(Map.of(partition, Position.beginning()))
                                .getOrDefault(partition, 0L)
                        > 0,
                () -> "the first record is there");
        assertFails(
                () -> admin().alterTopicConfig("changing", Map.of("segment.bytes", "131072"), List.of()),
                ErrorCode.INVALID_CONFIG);
    }

    /** Sends until the answer is this failure, or null for none. */
    private static void awaitAnswer(
            Producer producer, TopicPartition partition, byte[] value, @Nullable ErrorCode expected) {
        Awaiting.until(
                PATIENCE,
                "the answer " + expected,
                () -> producer.send(ProducerRecord.of(partition, null, value))
                        .handle((stored, failure) ->
                                (failure == null ? null : ((LogException) failure).code()) == expected)
                        .join(),
                () -> "another one");
    }

    @Test
    void shouldBringADeletedTopicBackWithItsRecordsThoughBrokersWereKilled() {
        TopicPartition partition = topic("returning", Map.of("retention.ms", "-1"));
        write(partition);
        TopicDescription before = admin().describeTopic("returning");

        admin().deleteTopic("returning");
        Awaiting.until(
                PATIENCE,
                "all brokers to hear that the topic is deleted",
                () -> cluster.leaders().of("returning").isEmpty(),
                () -> "one serves it");

        assertFails(() -> admin().describeTopic("returning"), ErrorCode.UNKNOWN_TOPIC);
        assertThat(admin().listDeletedTopics()).anySatisfy(deleted -> {
            assertThat(deleted.topic().topicId()).isEqualTo(before.topicId());
            assertThat(deleted.timeLeft()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
        });
        try (Producer producer = client.producer(ProducerSettings.DEFAULT)) {
            assertFails(
                    () -> producer.send(ProducerRecord.of(partition, null, new byte[1]))
                            .join(),
                    ErrorCode.UNKNOWN_TOPIC);
        }
        assertFails(() -> read(partition), ErrorCode.UNKNOWN_TOPIC);
        cluster.killAll9();
        cluster.startAll();

        TopicDescription back = admin().undeleteTopic("returning");

        assertThat(back.topicId()).isEqualTo(before.topicId());
        assertThat(back.config()).isEqualTo(before.config());
        cluster.leaders().await("returning", 1, PATIENCE);
        assertThat(read(partition)).isEqualTo(numbers());
        assertThat(admin().listDeletedTopics())
                .noneMatch(deleted -> deleted.topic().topicId().equals(before.topicId()));
    }

    @Test
    void shouldKeepDeletedTopicsOfOneNameApart() {
        TopicPartition partition = topic("reused", Map.of());
        write(partition);
        String first = admin().describeTopic("reused").topicId();
        admin().deleteTopic("reused");
        topic("reused", Map.of());
        String second = admin().describeTopic("reused").topicId();

        assertThat(second).isNotEqualTo(first);
        assertFails(() -> admin().undeleteTopic("reused"), ErrorCode.TOPIC_ALREADY_EXISTS);
        admin().deleteTopic("reused");
        assertFails(() -> admin().undeleteTopic("reused"), ErrorCode.INVALID_REQUEST);
        admin().deleteTopicNow(second);
        awaitNoReplicas(cluster, second);
        assertThat(replicaFolders(cluster, first)).hasSize(BROKERS);

        admin().undeleteTopic(first);
        cluster.leaders().await("reused", 1, PATIENCE);
        assertThat(read(partition)).isEqualTo(numbers());
    }

    @Test
    void shouldDeleteAtOnceWhenAskedTo() {
        topic("unwanted", Map.of());
        String id = admin().describeTopic("unwanted").topicId();

        admin().deleteTopicNow("unwanted");

        awaitNoReplicas(cluster, id);
        assertFails(() -> admin().undeleteTopic("unwanted"), ErrorCode.UNKNOWN_TOPIC);
    }

    @Test
    void shouldPurgeWhenTheGraceIsOver(@TempDir Path folder) throws IOException {
        try (ProcessCluster alone = ProcessCluster.start(
                ClusterSettings.of(1, folder).withHeapMib(128).with("topic.delete.grace.ms", "1500"))) {
            Admin admin = alone.client().admin();
            String id = admin.createTopic(NewTopic.of("passing", 1, 1)).topicId();
            alone.leaders().await("passing", 1, PATIENCE);

            admin.deleteTopic("passing");

            assertThat(admin.listDeletedTopics())
                    .extracting(DeletedTopic::timeLeft)
                    .hasSize(1);
            awaitNoReplicas(alone, id);
            assertThat(admin.listDeletedTopics()).isEmpty();
            assertFails(() -> admin.undeleteTopic("passing"), ErrorCode.UNKNOWN_TOPIC);
        }
    }
}

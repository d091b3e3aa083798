package io.flotilla.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OutOfRangePolicy;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SegmentDigests;
import io.flotilla.protocol.error.OffsetOutOfRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was trimmed, by hand or because a topic keeps no more, is gone for all readers and on all replicas alike. */
final class TrimmedRecordsTest {
    private static final int BROKERS = 3;
    private static final int RECORDS = 600;
    private static final int RECORD_BYTES = 1_000;
    private static final String SEGMENT_BYTES = "65536";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ProcessCluster cluster;

    @BeforeAll
    static void startCluster(@TempDir Path folder) throws IOException {
        cluster = ProcessCluster.start(
                ClusterSettings.of(BROKERS, folder).withHeapMib(256).with("log.retention.check.interval.ms", "200"));
    }

    /** A test stops them at its end. */
    @BeforeEach
    void startBrokers() {
        cluster.startAll();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static TopicPartition topic(String name, Map<String, String> config) {
        cluster.client().admin().createTopic(new NewTopic(name, 1, BROKERS, config));
        cluster.leaders().await(name, 1, PATIENCE);
        return new TopicPartition(name, 0);
    }

    private static void write(TopicPartition partition) {
        Random random = new Random(7); // what cannot be compressed
        try (Producer producer = cluster.client().producer(ProducerSettings.DEFAULT.withBatchBytes(8 << 10))) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[RECORD_BYTES];
                random.nextBytes(value);
                var unused = producer.send(ProducerRecord.of(partition, null, value));
            }
            producer.flush();
        }
    }

    private static long startOf(TopicPartition partition) {
        return cluster.client()
                .admin()
                .listOffsets(Map.of(partition, Position.beginning()))
                .getOrDefault(partition, -1L);
    }

    private static List<Long> offsetsFrom(TopicPartition partition, long offset, OutOfRangePolicy policy) {
        List<Long> offsets = new ArrayList<>();
        try (Consumer consumer = cluster.client().consumer(ConsumerSettings.DEFAULT.withOutOfRange(policy))) {
            consumer.assign(List.of(partition), Position.offset(offset));
            Awaiting.until(
                    PATIENCE,
                    "the last record of " + partition,
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).stream()
                                .map(ConsumerRecord::offset)
                                .forEach(offsets::add);
                        return !offsets.isEmpty() && offsets.get(offsets.size() - 1) == RECORDS - 1;
                    },
                    offsets::toString);
        }
        return offsets;
    }

    @Test
    void shouldDropWhatAUserTrimsThroughKillsOfBrokers() throws IOException {
        TopicPartition partition = topic("trimmed", Map.of("segment.bytes", SEGMENT_BYTES));
        write(partition);

        assertThat(cluster.client().admin().trim(partition, 500)).isEqualTo(500);
        cluster.killAll9();
        cluster.startAll();
        cluster.leaders().await("trimmed", 1, PATIENCE);

        assertThat(startOf(partition)).isEqualTo(500);
        assertThatThrownBy(() -> offsetsFrom(partition, 10, OutOfRangePolicy.FAIL))
                .isInstanceOfSatisfying(OffsetOutOfRange.class, gone -> {
                    assertThat(gone.logStartOffset()).isEqualTo(500);
                    assertThat(gone.highWatermark()).isEqualTo(RECORDS);
                });
        assertThat(offsetsFrom(partition, 10, OutOfRangePolicy.EARLIEST)).hasSize(100);
        assertEqualReplicasOfAtMost("trimmed", 200_000);
    }

    @Test
    void shouldKeepNoMoreBytesThanATopicSays() throws IOException {
        TopicPartition partition =
                topic("retained", Map.of("segment.bytes", SEGMENT_BYTES, "retention.bytes", "150000"));
        write(partition);

        awaitRetentionAtRest(partition, 150_000);

        assertThat(startOf(partition)).isGreaterThanOrEqualTo(350);
        assertThat(offsetsFrom(partition, 0, OutOfRangePolicy.EARLIEST)).hasSizeBetween(150, 250);
        assertEqualReplicasOfAtMost("retained", 250_000);
    }

    /**
     * Retention goes on in steps while records come in, and behind the last one. It is at rest when no replica could spare
     * another segment. Files go later, behind a checkpoint.
     */
    private static void awaitRetentionAtRest(TopicPartition partition, long bytes) {
        var description = cluster.client().admin().describeTopic(partition.topic());
        Awaiting.until(
                PATIENCE,
                "retention of " + partition,
                () -> {
                    long start = startOf(partition);
                    return cluster.brokerIds().stream()
                            .map(broker -> sizesFrom(start, cluster.dataDirectory(broker), description))
                            .allMatch(kept -> kept.stream()
                                            .skip(1)
                                            .mapToLong(size -> size)
                                            .sum()
                                    < bytes);
                },
                () -> "it begins at " + startOf(partition));
    }

    /** Bytes of a replica's segments from the one on that holds an offset, or that would if it had come so far. */
    private static List<Long> sizesFrom(long offset, Path data, TopicDescription topic) {
        List<Long> sizes = new ArrayList<>();
        try {
            for (Path segment : SegmentDigests.segments(data, topic, 0)) {
                if (Long.parseLong(segment.getFileName().toString().replace(".log", "")) <= offset) {
                    sizes.clear();
                }
                sizes.add(Files.size(segment));
            }
            return sizes;
        } catch (NoSuchFileException deletedMeanwhile) {
            return List.of(0L, Long.MAX_VALUE); // look again
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Stops the brokers in order for that, so that each has deleted what it may. */
    private static void assertEqualReplicasOfAtMost(String topic, long bytes) throws IOException {
        var description = cluster.client().admin().describeTopic(topic);
        SegmentDigests.awaitSettled(cluster.client().admin(), topic, PATIENCE);
        cluster.brokerIds().forEach(cluster::stop);
        assertThat(SegmentDigests.of(description, cluster::dataDirectory)).allSatisfy(partition -> {
            assertThat(partition.identical()).as("%s", partition).isTrue();
            assertThat(partition.replicas().values())
                    .allSatisfy(replica -> assertThat(replica.bytes()).isBetween(1L, bytes));
        });
    }
}

package io.flotilla.cluster.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Admin;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationState;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.TopicPartition;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of a partition's three brokers are gone for good: the partition goes on from the third, on somebody's word. */
final class RecoveredPartitionTest {
    private static final int RECORDS = 200;
    private static final int MORE_RECORDS = 50;
    private static final int SURVIVOR = 1;
    private static final int RETURNING = 2;
    private static final int SPARE = 3;
    private static final int GONE = 4;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldGoOnFromTheSurvivorAndTakeReturningBrokersInAnew(@TempDir Path folder) throws IOException {
        ClusterSettings settings = ClusterSettings.of(4, folder)
                .withHeapMib(192)
                .with("broker.heartbeat.interval.ms", "500")
                .with("broker.session.timeout.ms", "2500");
        try (ProcessCluster cluster = ProcessCluster.start(settings)) {
            Admin admin = cluster.client().admin();
            placeAndWrite(cluster);
            assertThatThrownBy(() -> admin.recoverableReplicas(ORDERS, SURVIVOR))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining("a majority of the replicas of partition orders-0 lives");

            cluster.kill9(RETURNING);
            cluster.kill9(GONE);
            List<RecoverableReplica> known = awaitMajorityGone(admin);

            assertThat(known).extracting(RecoverableReplica::brokerId).containsExactly(SURVIVOR, RETURNING, GONE);
            assertThat(known.get(0).isUsable()).isTrue();
            assertThat(known.get(0).highWatermark()).isEqualTo(RECORDS);
            assertThat(known.subList(1, 3))
                    .noneMatch(RecoverableReplica::isKnown)
                    .allMatch(replica -> replica.fencedSince().isPresent());
            assertThatThrownBy(() -> admin.recoverPartition(ORDERS, SURVIVOR, "orders-1"))
                    .hasMessageContaining("'orders-1'")
                    .hasMessageContaining("'orders-0'");
            assertThat(described(admin).replicaBrokerIds())
                    .as("nothing was changed")
                    .hasSize(3);
            assertThat(admin.operations()).noneMatch(OperationDescription::isRunning);

            OperationDescription begun = admin.recoverPartition(ORDERS, SURVIVOR, "orders-0");
            OperationDescription ended = awaitDone(admin, begun.id());

            assertThat(ended.message())
                    .contains(
                            "broker 1 leads since epoch",
                            "records before offset " + RECORDS,
                            "only brokers 2,4 had is lost");
            assertThat(offsetsOf(read(cluster, RECORDS))).containsExactlyElementsOf(upTo(RECORDS));
            assertThat(write(cluster, RECORDS, MORE_RECORDS)).isEqualTo(RECORDS);

            cluster.launch(RETURNING);
            awaitReplicas(admin, SURVIVOR, RETURNING, SPARE);

            awaitHighWatermark(admin, RETURNING, RECORDS + MORE_RECORDS);
            assertThat(quarantined(cluster.dataDirectory(RETURNING), "partitions"))
                    .hasSize(1);
            assertThat(quarantined(cluster.dataDirectory(RETURNING), "raft")).hasSize(1);
            List<ConsumerRecord> all = read(cluster, RECORDS + MORE_RECORDS);
            assertThat(offsetsOf(all)).containsExactlyElementsOf(upTo(RECORDS + MORE_RECORDS));
            assertThat(all).allMatch(record -> new String(record.value(), UTF_8).equals("order " + record.offset()));
        }
    }

    private static void placeAndWrite(ProcessCluster cluster) {
        Admin admin = cluster.client().admin();
        admin.createTopic(NewTopic.of(ORDERS.topic(), 1, 3));
        cluster.leaders().await(ORDERS.topic(), 1, PATIENCE);
        awaitDone(
                admin,
                admin.movePartition(ORDERS, List.of(RETURNING, SURVIVOR, GONE)).id());
        write(cluster, 0, RECORDS);
        awaitHighWatermark(admin, SURVIVOR, RECORDS); // else the last ones might be on the other two only
    }

    /** Returns the first record's offset. */
    private static long write(ProcessCluster cluster, int from, int count) {
        try (Producer producer = cluster.client().producer(ProducerSettings.DEFAULT)) {
            List<CompletableFuture<RecordMetadata>> sent = IntStream.range(from, from + count)
                    .mapToObj(number ->
                            producer.send(ProducerRecord.of(ORDERS, null, ("order " + number).getBytes(UTF_8))))
                    .toList();
            return sent.stream().map(CompletableFuture::join).toList().get(0).offset();
        }
    }

    private static List<ConsumerRecord> read(ProcessCluster cluster, int count) {
        List<ConsumerRecord> records = new ArrayList<>();
        try (Consumer consumer = cluster.client().consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(ORDERS));
            Awaiting.until(
                    PATIENCE,
                    count + " records",
                    () -> {
                        records.addAll(consumer.poll(Duration.ofMillis(100)));
                        return records.size() >= count;
                    },
                    () -> records.size() + " records");
        }
        return records;
    }

    private static List<Long> offsetsOf(List<ConsumerRecord> records) {
        return records.stream().map(ConsumerRecord::offset).toList();
    }

    private static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }

    /** What is known of the replicas as soon as a recovery would not be refused any more. */
    private static List<RecoverableReplica> awaitMajorityGone(Admin admin) {
        List<RecoverableReplica> known = new ArrayList<>();
        String[] refusal = {""};
        Awaiting.until(
                PATIENCE,
                "brokers to be missed",
                () -> {
                    try {
                        known.addAll(admin.recoverableReplicas(ORDERS, SURVIVOR));
                        return true;
                    } catch (LogException refused) {
                        refusal[0] = String.valueOf(refused.getMessage());
                        return false;
                    }
                },
                () -> refusal[0]);
        return known;
    }

    private static OperationDescription awaitDone(Admin admin, String id) {
        Awaiting.until(
                PATIENCE,
                "operation " + id + " to end",
                () -> admin.operation(id).state() == OperationState.DONE,
                () -> admin.operation(id).toString());
        return admin.operation(id);
    }

    private static PartitionDescription described(Admin admin) {
        return admin.describeTopic(ORDERS.topic()).partitions().get(ORDERS.partition());
    }

    private static void awaitReplicas(Admin admin, int... brokers) {
        List<Integer> wanted = IntStream.of(brokers).boxed().toList();
        Awaiting.until(
                PATIENCE,
                "replicas on " + wanted,
                () -> !described(admin).isMoving()
                        && described(admin).replicaBrokerIds().stream()
                                .sorted()
                                .toList()
                                .equals(wanted),
                () -> described(admin).toString());
    }

    private static void awaitHighWatermark(Admin admin, int broker, long offset) {
        Awaiting.until(
                PATIENCE,
                "broker " + broker + " to have all before " + offset,
                () -> admin.describeBroker(broker).replicas().stream()
                        .anyMatch(replica -> replica.partition().equals(ORDERS) && replica.highWatermark() == offset),
                () -> admin.describeBroker(broker).toString());
    }

    private static List<Path> quarantined(Path data, String kind) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("quarantine").resolve(kind))) {
            return files.toList();
        }
    }
}

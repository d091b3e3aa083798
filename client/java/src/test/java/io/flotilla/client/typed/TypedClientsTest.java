package io.flotilla.client.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TypedClientsTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final byte[] MALFORMED = {(byte) 0xFF};

    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = ScriptedCluster.start(1).withTopic("orders", 2);
        client = FlotillaClient.connect(cluster.settings());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private void write(TopicPartition partition, byte[]... values) {
        try (Producer producer = client.producer()) {
            for (byte[] value : values) {
                producer.send(ProducerRecord.of(partition, null, value)).join();
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private TypedConsumer<String, String> consumer(ConsumerSettings settings) {
        return client.consumer(settings, Serdes.string(), Serdes.string());
    }

    private static List<String> read(TypedConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            consumer.poll(POLL).forEach(record -> values.add(String.valueOf(record.value())));
        }
        return values;
    }

    @Test
    void shouldCarryObjectsAndTheirAbsence() {
        RecordHeader header = new RecordHeader("source", utf8("web"));
        try (TypedProducer<String, Long> producer = client.producer(Serdes.string(), Serdes.int64())) {
            producer.send(TypedProducerRecord.of(P0, "alice", 7L)
                            .withHeaders(List.of(header))
                            .withTimestamp(1_000))
                    .join();
            producer.send(TypedProducerRecord.<String, Long>of(P0, null, null).withTimestamp(2_000))
                    .join();
        }

        try (TypedConsumer<String, Long> consumer = client.consumer(Serdes.string(), Serdes.int64())) {
            consumer.assign(List.of(P0));
            List<TypedConsumerRecord<String, Long>> records = new ArrayList<>();
            while (records.size() < 2) {
                records.addAll(consumer.poll(POLL));
            }

            assertThat(records)
                    .containsExactly(
                            new TypedConsumerRecord<>(P0, 0, 1_000, "alice", 7L, List.of(header)),
                            new TypedConsumerRecord<>(P0, 1, 2_000, null, null, List.of()));
        }
    }

    @Test
    void shouldSendARecordWhereItsKeysBytesDecide() {
        try (Producer bytes = client.producer();
                TypedProducer<String, String> producer = client.producer(Serdes.string(), Serdes.string())) {
            for (String key : List.of("alice", "bob", "carol", "dave")) {
                int expected = bytes.send(ProducerRecord.of("orders", utf8(key), null))
                        .join()
                        .partition()
                        .partition();

                assertThat(producer.send("orders", key, "x").join().partition().partition())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldSendNothingThatCannotBeSerialized() {
        try (TypedProducer<String, String> producer = client.producer(Serdes.string(), Serdes.string())) {
            assertThatThrownBy(() -> producer.send("orders", "alice", "half \uD83D"))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("the value of a record for topic orders")
                    .hasMessageContaining("surrogate");
        }

        assertThat(cluster.records(P0)).isEmpty();
        assertThat(cluster.records(P1)).isEmpty();
    }

    @Test
    void shouldNameTheRecordThatCannotBeReadAndGoOnBehindIt() {
        write(P0, utf8("a"), utf8("b"), MALFORMED, utf8("d"), utf8("e"));

        try (TypedConsumer<String, String> consumer = consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(P0));
            assertThat(read(consumer, 2)).containsExactly("a", "b");
            DeserializationException failure =
                    catchThrowableOfType(DeserializationException.class, () -> consumer.poll(POLL));

            assertThat(failure)
                    .hasMessageContaining(P0 + " at offset 2: the value cannot be deserialized")
                    .hasMessageContaining("seek to offset 3")
                    .hasMessageContaining("not UTF-8");
            assertThat(failure.partition()).isEqualTo(P0);
            assertThat(failure.offset()).isEqualTo(2);
            assertThat(failure.record().value()).isEqualTo(MALFORMED);
            assertThat(consumer.position(P0)).isEqualTo(2);

            consumer.seek(failure.partition(), failure.behind());
            assertThat(read(consumer, 2)).containsExactly("d", "e");
        }
    }

    @Test
    void shouldFailUntilItIsSoughtElsewhere() {
        write(P0, MALFORMED, utf8("b"));

        try (TypedConsumer<String, String> consumer = consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(P0));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> consumer.poll(POLL)).isInstanceOf(DeserializationException.class);
            }

            consumer.seek(P0, Position.offset(1));
            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void shouldLoseNothingOfOtherPartitions() {
        write(P0, utf8("a"), MALFORMED, utf8("c"));
        write(P1, utf8("1"), utf8("2"), utf8("3"));

        try (TypedConsumer<String, String> consumer = consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(P0, P1));
            List<String> values = new ArrayList<>();
            int failures = 0;
            while (values.size() < 5) {
                try {
                    consumer.poll(POLL).forEach(record -> values.add(String.valueOf(record.value())));
                } catch (DeserializationException failure) {
                    failures++;
                    consumer.seek(failure.partition(), failure.behind());
                }
            }

            assertThat(failures).isEqualTo(1);
            assertThat(values).containsExactlyInAnyOrder("a", "c", "1", "2", "3");
            assertThat(values).containsSubsequence("1", "2", "3").containsSubsequence("a", "c");
        }
    }

    @Test
    void shouldForgetAFailureOfAPartitionThatIsReadNoMore() {
        write(P0, utf8("a"), MALFORMED);
        write(P1, utf8("1"));

        try (TypedConsumer<String, String> consumer = consumer(ConsumerSettings.DEFAULT)) {
            consumer.assign(List.of(P0));
            assertThat(read(consumer, 1)).containsExactly("a");
            consumer.assign(List.of(P1));

            assertThat(read(consumer, 1)).containsExactly("1");
        }
    }

    @Test
    void shouldHandleWhatCanBeReadInOrderAroundWhatCannot() throws Exception {
        List<String> seen = new ArrayList<>();
        DecodingHandler<String, String> handler = new DecodingHandler<>(
                Serdes.string(),
                Serdes.string(),
                records -> records.forEach(record -> seen.add(String.valueOf(record.value()))),
                failure -> seen.add("unreadable " + failure.offset()));

        handler.handle(List.of(
                record(0, utf8("a")),
                record(1, MALFORMED),
                record(2, MALFORMED),
                record(3, utf8("d")),
                record(4, utf8("e"))));

        assertThat(seen).containsExactly("a", "unreadable 1", "unreadable 2", "d", "e");
    }

    private static ConsumerRecord record(long offset, byte[] value) {
        return new ConsumerRecord(P0, offset, 0, null, value, List.of());
    }
}

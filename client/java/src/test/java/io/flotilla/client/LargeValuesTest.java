package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.scripted.Script;
import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.client.typed.DeserializationException;
import io.flotilla.client.typed.Serdes;
import io.flotilla.client.typed.TypedConsumer;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.record.RecordHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LargeValuesTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final ProducerSettings LARGE = ProducerSettings.DEFAULT.withLargeValueBytesMax(16 << 20);
    private static final int PARTS = 4;

    private final byte[] value = new byte[(PARTS - 1) << 20];
    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(value);
        cluster = ScriptedCluster.start(1).withTopic("orders", 1);
        client = FlotillaClient.connect(cluster.settings());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private static List<ConsumerRecord> read(Consumer consumer, int count) {
        List<ConsumerRecord> read = new ArrayList<>();
        while (read.size() < count) {
            read.addAll(consumer.poll(POLL));
        }
        return read;
    }

    @Test
    void shouldCarryAValueThatIsLargerThanABatch() {
        List<RecordHeader> headers = List.of(new RecordHeader("source", new byte[] {1}));
        ProducerRecord large = ProducerRecord.of(P0, new byte[] {7}, value)
                .withHeaders(headers)
                .withTimestamp(1_000);
        try (Producer producer = client.producer(LARGE)) {
            producer.send(ProducerRecord.of(P0, null, new byte[1])).join();
            RecordMetadata stored = producer.send(large).join();
            producer.send(ProducerRecord.of(P0, null, new byte[2])).join();

            assertThat(stored.offset()).isEqualTo(PARTS);
        }

        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(P0));
            List<ConsumerRecord> records = read(consumer, 3);

            assertThat(records).extracting(ConsumerRecord::offset).containsExactly(0L, 4L, 5L);
            assertThat(records.get(1))
                    .isEqualTo(new ConsumerRecord(P0, PARTS, 1_000, new byte[] {7}, value, headers, 1));
            assertThat(consumer.position(P0)).isEqualTo(PARTS + 2);
        }
    }

    @Test
    void shouldRefuseItUnlessAsked() {
        try (Producer producer = client.producer()) {
            assertThatThrownBy(() ->
                            producer.send(ProducerRecord.of(P0, null, value)).join())
                    .cause()
                    .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.RECORD_TOO_LARGE));
        }
    }

    @Test
    void shouldStoreEachPartOnceHoweverOftenItIsSent() {
        cluster.script.then(
                new Script.Serve(), new Script.AppendThenBreak(), new Script.Break(), new Script.AppendThenTimeOut());
        try (Producer producer = client.producer(LARGE)) {
            assertThat(producer.send(ProducerRecord.of(P0, null, value)).join().offset())
                    .isEqualTo(PARTS - 1);
        }
        assertThat(cluster.records(P0)).hasSize(PARTS);

        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(P0));
            assertThat(read(consumer, 1).get(0).value()).isEqualTo(value);
        }
    }

    @Test
    void shouldSendAValueThatIsLargerThanTheBuffer() {
        try (Producer producer = client.producer(LARGE.withBufferBytes(2 << 20))) {
            assertThat(producer.send(ProducerRecord.of(P0, null, value)).join().offset())
                    .isEqualTo(PARTS - 1);
        }
    }

    @Test
    void shouldFailWholeWhenAPartFails() {
        cluster.script.then(new Script.Serve(), new Script.Reject(ErrorCode.INVALID_RECORD));
        try (Producer producer = client.producer(LARGE)) {
            assertThatThrownBy(() ->
                            producer.send(ProducerRecord.of(P0, null, value)).join())
                    .cause()
                    .isInstanceOfSatisfying(LogException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_RECORD);
                        assertThat(failure.details()).containsEntry("outcome", "not_appended");
                    });
            producer.send(ProducerRecord.of(P0, null, new byte[1])).join();
        }
        assertThat(cluster.records(P0))
                .as("all parts but the one, and the record")
                .hasSize(PARTS);

        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(P0));
            assertThat(read(consumer, 1).get(0).value()).isEqualTo(new byte[1]);
            assertThat(consumer.position(P0)).isEqualTo(PARTS);
        }
    }

    @Test
    void shouldReadALargeValueOnceMore() {
        try (Producer producer = client.producer(LARGE)) {
            producer.send(ProducerRecord.of(P0, null, value)).join();
            producer.send(ProducerRecord.of(P0, null, new byte[1])).join();
        }

        try (TypedConsumer<byte[], String> consumer = client.consumer(Serdes.bytes(), Serdes.string())) {
            consumer.assign(List.of(P0));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumer.poll(POLL))
                        .isInstanceOfSatisfying(DeserializationException.class, failure -> {
                            assertThat(failure.offset()).isEqualTo(PARTS - 1);
                            assertThat(failure.record().value()).isEqualTo(value);
                        });
                assertThat(consumer.position(P0)).isZero();
            }
            consumer.seek(P0, Position.offset(PARTS));
            assertThat(consumer.poll(POLL)).hasSize(1);
        }
    }

    @Test
    void shouldFailLoudlyWhereAConsumerHasNoRoomForAValue() {
        try (Producer producer = client.producer(LARGE)) {
            producer.send(ProducerRecord.of(P0, null, value)).join();
        }

        try (Consumer consumer = client.consumer(ConsumerSettings.DEFAULT.withLargeValueBytesMax(1 << 20))) {
            consumer.assign(List.of(P0));

            assertThatThrownBy(() -> consumer.poll(POLL))
                    .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.RECORD_TOO_LARGE))
                    .hasMessageContaining("largeValueBytesMax 1048576")
                    .hasMessageContaining("orders-0");
        }
    }
}

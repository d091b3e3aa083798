package io.flotilla.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.parts.ValueCutter;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values in parts, and a group that may stop between any two of them. */
class LargeValueGroupTest extends SdkTest {
    private final byte[] value = new byte[300];

    private ValueCutter parts() {
        new Random(1).nextBytes(value);
        return new ValueCutter(ProducerRecord.of(first, null, value), 0, 1_000, value, 100, UUID.randomUUID());
    }

    private void send(ProducerRecord record) {
        try (Producer producer = client.producer()) {
            producer.send(record).join();
        }
    }

    @Test
    void shouldCarryAndCommitALargeValue() {
        byte[] large = new byte[5 << 20];
        new Random(2).nextBytes(large);
        long last;
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withLargeValueBytesMax(16 << 20))) {
            last = producer.send(ProducerRecord.of(first, null, large)).join().offset();
        }

        try (GroupConsumer consumer = client.groupConsumer(settings())) {
            ConsumerRecord read = read(() -> consumer.poll(POLL), 1).get(0);
            assertThat(read.value()).isEqualTo(large);
            assertThat(read.offset()).isEqualTo(last).isGreaterThan(3);
            consumer.commit();
            assertThat(consumer.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(last + 1));
        }
    }

    @Test
    void shouldBeginAtTheFirstPartAfterARestartInTheMiddle() {
        ValueCutter parts = parts();
        send(parts.next());
        send(parts.next());
        write(first, utf8("between"));

        try (GroupConsumer consumer = client.groupConsumer(settings())) {
            assertThat(read(() -> consumer.poll(POLL), 1).get(0).value()).isEqualTo(utf8("between"));
            consumer.commit();
            assertThat(consumer.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(0));
        }
        send(parts.next());

        try (GroupConsumer successor = client.groupConsumer(settings())) {
            List<ConsumerRecord> read = read(() -> successor.poll(POLL), 2);
            assertThat(read).extracting(ConsumerRecord::offset).containsExactly(2L, 3L);
            assertThat(read.get(1).value()).isEqualTo(value);
            successor.commit();
            assertThat(successor.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(4));
        }
    }

    @Test
    void shouldGoOnWithoutAValueWhoseProducerDied() {
        send(parts().next());
        write(first, utf8("behind"));
        ConsumerSettings reading = ConsumerSettings.DEFAULT
                .withLargeValueTimeout(Duration.ofSeconds(1))
                .withHeartbeatInterval(Duration.ofMillis(100));

        try (GroupConsumer consumer = client.groupConsumer(settings().withReading(reading))) {
            assertThat(read(() -> consumer.poll(POLL), 1).get(0).value()).isEqualTo(utf8("behind"));

            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return consumer.position(first) == 2;
            });
            consumer.commit();
            assertThat(consumer.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(2));
        }
    }
}

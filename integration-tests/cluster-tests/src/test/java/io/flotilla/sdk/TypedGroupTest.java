package io.flotilla.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerLoop;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.typed.DeserializationException;
import io.flotilla.client.typed.Serdes;
import io.flotilla.client.typed.TypedConsumerRecord;
import io.flotilla.client.typed.TypedGroupConsumer;
import io.flotilla.client.typed.TypedProducer;
import io.flotilla.client.typed.UnreadableRecords;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Groups that read objects. */
class TypedGroupTest extends SdkTest {
    private static final byte[] MALFORMED = {(byte) 0xFF};

    private TypedGroupConsumer<String, String> consumer() {
        return client.groupConsumer(settings(), Serdes.string(), Serdes.string());
    }

    private static List<String> values(List<TypedConsumerRecord<String, String>> records) {
        return records.stream()
                .map(TypedConsumerRecord::value)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void shouldProcessObjectsAndGoOnWhereItCommitted() {
        try (TypedProducer<String, String> producer = client.producer(Serdes.string(), Serdes.string())) {
            producer.send(name, "alice", "apples").join();
            producer.send(name, "alice", "almonds").join();
        }

        try (TypedGroupConsumer<String, String> consumer = consumer()) {
            assertThat(values(read(() -> consumer.poll(POLL), 2))).containsExactly("apples", "almonds");
            consumer.commit();
        }
        try (TypedProducer<String, String> producer = client.producer(Serdes.string(), Serdes.string())) {
            producer.send(name, "alice", "avocados").join();
        }
        try (TypedGroupConsumer<String, String> successor = consumer()) {
            assertThat(values(read(() -> successor.poll(POLL), 1))).containsExactly("avocados");
        }
    }

    @Test
    void shouldNotCommitARecordThatCannotBeReadUntilItIsSoughtPast() {
        write(first, utf8("a"), MALFORMED, utf8("c"));

        try (TypedGroupConsumer<String, String> consumer = consumer()) {
            assertThat(values(read(() -> consumer.poll(POLL), 1))).containsExactly("a");
            assertThatThrownBy(() -> consumer.poll(PATIENCE)).isInstanceOf(DeserializationException.class);
            consumer.commit();
            assertThat(consumer.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(1));
        }

        try (TypedGroupConsumer<String, String> successor = consumer()) {
            await().atMost(PATIENCE).until(() -> {
                try {
                    return successor.poll(POLL).size() > 1; // never: the record comes first
                } catch (DeserializationException failure) {
                    successor.seek(failure.partition(), failure.behind());
                    return true;
                }
            });
            assertThat(values(read(() -> successor.poll(POLL), 1))).containsExactly("c");
            successor.commit();
            assertThat(successor.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(3));
        }
    }

    @Test
    void shouldHandOverToThePolicyWhatALoopCannotRead() {
        write(first, utf8("a"), MALFORMED, utf8("c"));
        List<String> seen = new CopyOnWriteArrayList<>();

        try (ConsumerLoop loop = client.consume(
                settings(),
                Serdes.string(),
                Serdes.string(),
                records -> seen.addAll(values(records)),
                failure -> seen.add("unreadable at " + failure.offset()))) {
            await().atMost(PATIENCE).until(() -> seen.size() == 3);
            assertThat(loop.end()).isNotDone();
        }

        assertThat(seen).containsExactly("a", "unreadable at 1", "c");
        try (GroupConsumer bytes = client.groupConsumer(settings())) {
            assertThat(bytes.committed(Set.of(first))).containsEntry(first, CommittedOffset.of(3));
        }
    }

    @Test
    void shouldSkipWhereThePolicySaysSo() {
        write(first, MALFORMED, utf8("b"));
        List<String> seen = new CopyOnWriteArrayList<>();

        try (ConsumerLoop loop = client.consume(
                settings(),
                Serdes.string(),
                Serdes.string(),
                records -> seen.addAll(values(records)),
                UnreadableRecords.SKIP)) {
            await().atMost(PATIENCE).until(() -> seen.equals(List.of("b")));
            assertThat(loop.end()).isNotDone();
        }
    }

    @Test
    void shouldEndTheLoopWhereThePolicySaysSo() {
        write(first, utf8("a"), MALFORMED);

        try (ConsumerLoop loop =
                client.consume(settings(), Serdes.string(), Serdes.string(), records -> {}, UnreadableRecords.STOP)) {
            assertThatThrownBy(() -> loop.end()
                            .orTimeout(40, java.util.concurrent.TimeUnit.SECONDS)
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(DeserializationException.class);
        }
    }
}

package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.Consumer;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.junit.FlotillaTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@FlotillaTest(topics = {"lines", "word-counts"})
class WordCountTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TopicPartition COUNTS = new TopicPartition("word-counts", 0);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final FlotillaClient client;

    WordCountTest(FlotillaClient client) {
        this.client = client;
    }

    @Test
    void shouldCountTheSameAfterARestartInTheMiddleOfAWindow() {
        write(NOON.plusSeconds(1), "sail ho Sail");
        write(NOON.plusSeconds(61), "sail");
        write(NOON.plusSeconds(71), "ho");
        try (WordCount first = new WordCount(client)) {
            await().atMost(PATIENCE).until(() -> {
                first.step();
                return read().size() == 2;
            });
        }
        write(NOON.plusSeconds(72), "sail");
        write(NOON.plusSeconds(200), "end");

        try (WordCount second = new WordCount(client)) {
            await().atMost(PATIENCE).until(() -> {
                second.step();
                return read().size() == 4;
            });
        }
        assertThat(read())
                .isEqualTo(Map.of(
                        "sail@2026-11-28T12:00:00Z",
                        "2",
                        "ho@2026-11-28T12:00:00Z",
                        "1",
                        "sail@2026-11-28T12:01:00Z",
                        "2",
                        "ho@2026-11-28T12:01:00Z",
                        "1"));
    }

    private void write(Instant time, String line) {
        try (Producer producer = client.producer()) {
            producer.send(ProducerRecord.of("lines", null, line.getBytes(StandardCharsets.UTF_8))
                            .withTimestamp(time.toEpochMilli()))
                    .join();
        }
    }

    /** The newest value of each key. */
    private Map<String, String> read() {
        Map<String, String> counts = new HashMap<>();
        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(COUNTS));
            long end = consumer.endOffsets(List.of(COUNTS)).getOrDefault(COUNTS, 0L);
            while (consumer.position(COUNTS) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(record -> counts.put(text(record.key()), text(record.value())));
            }
        }
        return counts;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}

package io.flotilla.junit;

import static org.awaitility.Awaitility.await;

import io.flotilla.client.Consumer;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Records of one partition that were written and acknowledged, to be found again. */
final class AcknowledgedRecords implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(200);

    private final FlotillaClient client;
    private final TopicPartition partition;
    private final Producer producer;
    private final List<String> acknowledged = new ArrayList<>();

    AcknowledgedRecords(FlotillaClient client, TopicPartition partition) {
        this.client = client;
        this.partition = partition;
        this.producer = client.producer();
    }

    /** Sends so many more, one after the other, and waits until each is acknowledged. */
    RecordMetadata write(int count) throws Exception {
        RecordMetadata last = null;
        for (int number = 0; number < count; number++) {
            String value = "record-" + acknowledged.size();
            last = send(value).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            acknowledged.add(value);
        }
        return Objects.requireNonNull(last);
    }

    CompletableFuture<RecordMetadata> send(String value) {
        return producer.send(ProducerRecord.of(partition, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** What the partition has from its beginning to its end. */
    List<String> stored() {
        List<String> values = new ArrayList<>();
        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL)
                        .forEach(record ->
                                values.add(new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8)));
                return values.size() >= end;
            });
        }
        return values;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}

package io.flotilla.client.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.scripted.Script;
import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicrometerMetricsTest {
    private static final Path PAGE = Path.of("README.md");
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final Duration POLL = Duration.ofSeconds(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = ScriptedCluster.start(1).withTopic("orders", 1);
        client = FlotillaClient.connect(cluster.settings().withMetrics(MicrometerMetrics.of(registry, "app", "test")));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private double count(ClientMeter meter) {
        return registry.get(meter.meterName()).tag("app", "test").counter().count();
    }

    private double gauge(ClientMeter meter) {
        return registry.get(meter.meterName()).tag("app", "test").gauge().value();
    }

    private long timed(ClientMeter meter) {
        return registry.get(meter.meterName()).tag("app", "test").timer().count();
    }

    private static ProducerRecord record() {
        return ProducerRecord.of(P0, null, new byte[100]);
    }

    @Test
    void shouldCountWhatAProducerSendsAndRetries() {
        cluster.script.then(new Script.Reject(ErrorCode.LEADER_NOT_READY));
        try (Producer producer = client.producer(ProducerSettings.DEFAULT.withLinger(Duration.ofMillis(200)))) {
            for (int i = 0; i < 3; i++) {
                var unused = producer.send(record());
            }
            assertThat(gauge(ClientMeter.BUFFER_USED)).isGreaterThan(300);
            assertThat(gauge(ClientMeter.BUFFER_MAX)).isEqualTo((double) ProducerSettings.DEFAULT.bufferBytes());
            producer.flush();

            assertThat(count(ClientMeter.RECORDS_SENT)).isEqualTo(3);
            assertThat(count(ClientMeter.RECORDS_ACKNOWLEDGED)).isEqualTo(3);
            assertThat(count(ClientMeter.RECORDS_FAILED)).isZero();
            assertThat(count(ClientMeter.BATCHES_RETRIED)).isEqualTo(1);
            assertThat(timed(ClientMeter.REQUEST_LATENCY)).isEqualTo(1);
            assertThat(count(ClientMeter.BYTES_SENT))
                    .isEqualTo(registry.get(ClientMeter.BATCH_SIZE.meterName())
                            .summary()
                            .totalAmount())
                    .isPositive();
            assertThat(gauge(ClientMeter.BATCHES_IN_FLIGHT)).isZero();
            assertThat(gauge(ClientMeter.BUFFER_USED)).isZero();
        }
        assertThat(gauge(ClientMeter.BUFFER_MAX))
                .as("of producers that are open")
                .isZero();
    }

    @Test
    void shouldCountBatchesOnTheirWay() {
        cluster.script.then(new Script.Ignore());
        try (Producer producer = client.producer()) {
            var unanswered = producer.send(record());

            await().until(() -> gauge(ClientMeter.BATCHES_IN_FLIGHT) == 1);
            assertThat(unanswered).isNotDone();
            producer.close(Duration.ZERO);
        }
        assertThat(count(ClientMeter.RECORDS_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldCountRecordsThatFailWhereverTheyDo() {
        try (Producer producer = client.producer()) {
            cluster.script.rejectEverything(ErrorCode.INVALID_RECORD);
            assertThat(producer.send(record())).failsWithin(POLL);
            assertThat(producer.send(ProducerRecord.of("no-such-topic", null, null)))
                    .failsWithin(POLL);
        }
        assertThat(count(ClientMeter.RECORDS_FAILED)).isEqualTo(2);
        assertThat(count(ClientMeter.RECORDS_SENT)).isEqualTo(1);
    }

    @Test
    void shouldTellWhatAConsumerHasReadAndHasYetTo() {
        try (Producer producer = client.producer()) {
            for (int i = 0; i < 10; i++) {
                producer.send(record()).join();
            }
        }

        try (Consumer consumer = client.consumer(ConsumerSettings.DEFAULT.withPollRecordsMax(4))) {
            consumer.assign(List.of(P0));
            int read = 0;
            while (read < 4) {
                read += consumer.poll(POLL).size();
            }

            assertThat(count(ClientMeter.RECORDS_RETURNED)).isEqualTo(read);
            assertThat(count(ClientMeter.BYTES_RECEIVED)).isPositive();
            assertThat(timed(ClientMeter.POLL_INTERVAL)).isLessThan(read);
            assertThat(gauge(ClientMeter.LAG)).isEqualTo(10 - read);
            assertThat(gauge(ClientMeter.LAG_MAX)).isEqualTo(10 - read);
        }
        assertThat(gauge(ClientMeter.LAG)).as("of consumers that are open").isZero();
    }

    @Test
    void shouldRegisterExactlyTheCatalogue() {
        try (Producer producer = client.producer();
                Consumer consumer = client.consumer()) {
            List<String> registered = registry.getMeters().stream()
                    .map(meter ->
                            meter.getId().getName() + " " + kindOf(meter.getId().getType()))
                    .toList();

            assertThat(registered)
                    .containsExactlyInAnyOrderElementsOf(Stream.of(ClientMeter.values())
                            .map(meter -> meter.meterName() + " " + meter.kind())
                            .toList());
        }
    }

    private static ClientMeter.Kind kindOf(Meter.Type type) {
        return switch (type) {
            case COUNTER -> ClientMeter.Kind.COUNTER;
            case GAUGE -> ClientMeter.Kind.GAUGE;
            case TIMER -> ClientMeter.Kind.TIMER;
            case DISTRIBUTION_SUMMARY -> ClientMeter.Kind.SUMMARY;
            case LONG_TASK_TIMER, OTHER -> throw new IllegalArgumentException("no meter of the client is a " + type);
        };
    }

    @Test
    void shouldBeDocumentedInOneTable() throws IOException {
        String table = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("| Meter |"))
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n"));
        String rows = Stream.of(ClientMeter.values())
                .map(meter -> "| `" + meter.meterName() + "` | "
                        + meter.kind().name().toLowerCase(Locale.ROOT) + " | " + meter.unit() + " | "
                        + meter.meaning() + " |")
                .collect(Collectors.joining("\n"));

        assertThat(table).isEqualTo("| Meter | Kind | Unit | Meaning |\n|---|---|---|---|\n" + rows);
    }
}

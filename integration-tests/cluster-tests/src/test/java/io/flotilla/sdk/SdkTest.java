package io.flotilla.sdk;

import static org.awaitility.Awaitility.await;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One broker for the tests of a class, and for each of them a client and a topic of two partitions with the test's name. */
abstract class SdkTest {
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final Duration POLL = Duration.ofMillis(200);

    @SuppressWarnings("NullAway.Init") // set before all tests
    static EmbeddedCluster cluster;

    final FlotillaClient client = FlotillaClient.connect(cluster.bootstrap());
    String name = "";
    TopicPartition first = new TopicPartition("", 0);

    @BeforeAll
    static void startCluster(@TempDir Path folder) throws IOException {
        cluster = EmbeddedCluster.start(
                new EmbeddedSettings(1, folder, 0, Map.of("group.consumer.heartbeat.interval.ms", "100")));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        first = new TopicPartition(name, 0);
        client.admin().createTopic(NewTopic.of(name, 2, 1));
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    GroupSettings settings() {
        return GroupSettings.of(name, name);
    }

    void write(TopicPartition partition, byte[]... values) {
        try (Producer producer = client.producer()) {
            for (byte[] value : values) {
                var unused = producer.send(ProducerRecord.of(partition, null, value));
            }
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Polls until that many have come. */
    static <T> List<T> read(Supplier<List<T>> poll, int count) {
        List<T> read = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            read.addAll(poll.get());
            return read.size() >= count;
        });
        return read;
    }
}

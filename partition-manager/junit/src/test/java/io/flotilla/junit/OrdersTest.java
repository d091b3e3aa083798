package io.flotilla.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.client.Consumer;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

@FlotillaTest(brokers = 3, topics = "orders:6")
class OrdersTest {
    private final TopicPartition partition = new TopicPartition("orders", 0);

    @Test
    void shouldKeepOrdersWhenALeaderDies(EmbeddedCluster cluster, FlotillaClient client) throws Exception {
        try (Producer producer = client.producer()) {
            producer.send(ProducerRecord.of(partition, null, "first".getBytes(UTF_8)))
                    .get();

            int leader = cluster.leaderOf("orders", 0).orElseThrow();
            cluster.kill(leader);
            producer.send(ProducerRecord.of(partition, null, "second".getBytes(UTF_8)))
                    .get();
            cluster.restart(leader);
        }

        try (Consumer consumer = client.consumer()) {
            consumer.assign(List.of(partition));
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 2L);
        }
    }
}

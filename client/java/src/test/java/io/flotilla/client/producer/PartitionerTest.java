package io.flotilla.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.metadata.TopicView;
import io.flotilla.client.metadata.TopicView.PartitionLeader;
import io.flotilla.protocol.error.LogException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class PartitionerTest {
    private static final PartitionLeader LED = new PartitionLeader(1, Optional.of(new BrokerAddress("b", 1)));
    private static final PartitionLeader LEADERLESS = new PartitionLeader(1, Optional.empty());

    private final Partitioner partitioner = new Partitioner(1_000, new Random(1));

    @Test
    void shouldChooseByKeyAsKafkaDoes() {
        TopicView topic = topic(LED, LED, LED, LED, LED, LED, LED);

        for (int i = 0; i < 1_000; i++) {
            byte[] key = ("key-" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(partitioner.partitionOf(ProducerRecord.of("t", key, null), topic, 10))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, 7));
        }
    }

    @Test
    void shouldKeepToOnePartitionForABatchOfBytes() {
        TopicView topic = topic(LED, LED, LED, LED, LED, LED, LED, LED);

        int first = keyless(topic, 400);

        assertThat(keyless(topic, 400)).isEqualTo(first);
        assertThat(keyless(topic, 400)).isEqualTo(first);
        assertThat(List.of(keyless(topic, 1_000), keyless(topic, 1_000), keyless(topic, 1_000)))
                .anyMatch(partition -> partition != first);
    }

    @Test
    void shouldAvoidPartitionsWithoutLeader() {
        TopicView topic = topic(LEADERLESS, LED, LEADERLESS);

        for (int i = 0; i < 20; i++) {
            assertThat(keyless(topic, 1_000)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseAPartitionThatDoesNotExist() {
        ProducerRecord record = ProducerRecord.of(new TopicPartition("t", 2), null, null);

        assertThatThrownBy(() -> partitioner.partitionOf(record, topic(LED, LED), 10))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("partitions 0 to 1");
    }

    private int keyless(TopicView topic, int size) {
        return partitioner.partitionOf(ProducerRecord.of("t", null, null), topic, size);
    }

    private static TopicView topic(PartitionLeader... leaders) {
        return new TopicView("t", "id", Map.of(), List.of(leaders));
    }
}

package io.flotilla.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerInterceptor;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What interceptors see of a group. */
class GroupInterceptorTest extends SdkTest {
    @Test
    void shouldHearOfRecordsAndOfCommits() {
        List<Long> read = new CopyOnWriteArrayList<>();
        List<Map<TopicPartition, CommittedOffset>> committed = new CopyOnWriteArrayList<>();
        ConsumerInterceptor failing = new ConsumerInterceptor() {
            @Override
            public void onCommitted(Map<TopicPartition, CommittedOffset> offsets) {
                throw new IllegalStateException("as a test wants");
            }
        };
        ConsumerInterceptor watching = new ConsumerInterceptor() {
            @Override
            public List<ConsumerRecord> onRecords(List<ConsumerRecord> records) {
                records.forEach(record -> read.add(record.offset()));
                return records;
            }

            @Override
            public void onCommitted(Map<TopicPartition, CommittedOffset> offsets) {
                committed.add(offsets);
            }
        };
        write(first, utf8("a"), utf8("b"));

        try (GroupConsumer consumer = client.groupConsumer(settings()
                .withAutoCommitInterval(Duration.ZERO)
                .withReading(ConsumerSettings.DEFAULT.withInterceptors(failing, watching)))) {
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return read.size() == 2;
            });
            assertThat(committed).isEmpty();
            consumer.commit();
        }

        assertThat(read).containsExactly(0L, 1L);
        assertThat(committed).hasSize(1);
        assertThat(committed.get(0)).containsEntry(first, CommittedOffset.of(2));
    }
}

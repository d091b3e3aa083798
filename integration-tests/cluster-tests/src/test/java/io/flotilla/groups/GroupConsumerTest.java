package io.flotilla.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerLoop;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.GroupState;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RebalanceListener;
import io.flotilla.client.TopicPartition;
import io.flotilla.junit.FlotillaExtension;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java client's group consumer and group admin, with a real broker. */
class GroupConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(200);

    @RegisterExtension
    static final FlotillaExtension flotilla = FlotillaExtension.builder()
            .setting("group.consumer.heartbeat.interval.ms", "100")
            .build();

    private final FlotillaClient client =
            FlotillaClient.connect(flotilla.cluster().bootstrap());
    private String name = "";
    private TopicPartition first = new TopicPartition("", 0);
    private TopicPartition second = new TopicPartition("", 1);

    @BeforeEach
    void createTopic(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        first = new TopicPartition(name, 0);
        second = new TopicPartition(name, 1);
        client.admin().createTopic(NewTopic.of(name, 2, 1));
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private GroupSettings settings() {
        return GroupSettings.of(name, name);
    }

    private void write(TopicPartition partition, String... values) {
        try (Producer producer = client.producer()) {
            for (String value : values) {
                var unused = producer.send(ProducerRecord.of(partition, null, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static List<String> read(GroupConsumer consumer, int count) {
        List<String> values = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(POLL).forEach(record -> values.add(valueOf(record)));
            return values.size() >= count;
        });
        return values;
    }

    private static String valueOf(ConsumerRecord record) {
        byte[] value = record.value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static void pollUntilAssigned(GroupConsumer consumer, Set<TopicPartition> partitions) {
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(POLL);
            return consumer.assignment().equals(partitions);
        });
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommitted() {
        write(first, "a", "b");
        try (GroupConsumer consumer = client.groupConsumer(settings())) {
            assertThat(read(consumer, 2)).containsExactly("a", "b");
            consumer.commit();
        }
        write(first, "c");

        try (GroupConsumer successor = client.groupConsumer(settings())) {
            assertThat(read(successor, 1)).containsExactly("c");
            assertThat(successor.committed(Set.of(first, second)).get(first)).isEqualTo(CommittedOffset.of(2));
        }
    }

    @Test
    void shouldNotCommitWhatTheLastPollReturned() {
        write(first, "a", "b");
        try (GroupConsumer consumer = client.groupConsumer(settings())) {
            assertThat(read(consumer, 2)).containsExactly("a", "b");
        } // as after a failure while they were processed

        try (GroupConsumer successor = client.groupConsumer(settings())) {
            assertThat(read(successor, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void shouldCommitByItselfWhatWasProcessed() {
        write(first, "a", "b");
        try (GroupConsumer consumer = client.groupConsumer(settings().withAutoCommitInterval(Duration.ofMillis(50)))) {
            assertThat(read(consumer, 2)).containsExactly("a", "b");
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return CommittedOffset.of(2)
                        .equals(client.admin().groups().committed(name).get(first));
            });
        }
    }

    @Test
    void shouldShareThePartitionsAndHandThemOver() {
        List<String> events = new CopyOnWriteArrayList<>();
        RebalanceListener listener = new RebalanceListener() {
            @Override
            public void onAssigned(Set<TopicPartition> partitions) {
                events.add("assigned " + partitions.size());
            }

            @Override
            public void onRevoked(Set<TopicPartition> partitions) {
                events.add("revoked " + partitions.size());
            }
        };
        write(first, "a");
        write(second, "b");
        try (GroupConsumer consumer = client.groupConsumer(settings().withListener(listener))) {
            assertThat(read(consumer, 2)).containsExactlyInAnyOrder("a", "b");

            try (GroupConsumer other = client.groupConsumer(settings())) {
                await().atMost(PATIENCE).until(() -> {
                    // What was processed is committed before it is handed over, so the other gets none of it.
                    assertThat(consumer.poll(POLL)).isEmpty();
                    assertThat(other.poll(POLL)).isEmpty();
                    return consumer.assignment().size() == 1
                            && other.assignment().size() == 1;
                });
                Set<TopicPartition> both = new HashSet<>(consumer.assignment());
                both.addAll(other.assignment());
                assertThat(both).containsExactlyInAnyOrder(first, second);
            }
            pollUntilAssigned(consumer, Set.of(first, second));
        }
        assertThat(events).startsWith("assigned 2", "revoked 1", "assigned 1").endsWith("revoked 2");
    }

    @Test
    void shouldReadWhatItIsGivenThoughItsListenerFailsWithWhatIsTaken() {
        TopicPartition other = new TopicPartition(name + "-other", 0);
        client.admin().createTopic(NewTopic.of(other.topic(), 1, 1));
        write(first, "a");
        write(other, "b");
        AtomicBoolean fails = new AtomicBoolean(true);
        RebalanceListener listener = new RebalanceListener() {
            @Override
            public void onRevoked(Set<TopicPartition> partitions) {
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("no database");
                }
            }
        };
        try (GroupConsumer consumer = client.groupConsumer(settings().withListener(listener))) {
            assertThat(read(consumer, 1)).containsExactly("a");

            consumer.subscribe(Set.of(other.topic()));

            await().atMost(PATIENCE).untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(POLL))
                    .hasMessageContaining("no database"));
            assertThat(read(consumer, 1)).containsExactly("b");
        }
    }

    @Test
    void shouldKeepThePlaceOfAStaticMember() {
        try (GroupConsumer other = client.groupConsumer(settings().withInstanceId("two"))) {
            GroupConsumer before = client.groupConsumer(settings().withInstanceId("one"));
            await().atMost(PATIENCE).until(() -> {
                before.poll(POLL);
                other.poll(POLL);
                return before.assignment().size() == 1 && other.assignment().size() == 1;
            });
            Set<TopicPartition> place = before.assignment();
            int epoch = client.admin().groups().describe(name).epoch();
            before.close();

            try (GroupConsumer after = client.groupConsumer(settings().withInstanceId("one"))) {
                pollUntilAssigned(after, place);
                assertThat(other.assignment()).doesNotContainAnyElementsOf(place);
                assertThat(client.admin().groups().describe(name).epoch()).isEqualTo(epoch);
            }
        }
    }

    @Test
    void shouldLeaveWhenItIsNotPolledAndJoinAgainWhenItIs() {
        List<Set<TopicPartition>> lost = new CopyOnWriteArrayList<>();
        RebalanceListener listener = new RebalanceListener() {
            @Override
            public void onLost(Set<TopicPartition> partitions) {
                lost.add(partitions);
            }
        };
        try (GroupConsumer consumer = client.groupConsumer(
                settings().withPollIntervalMax(Duration.ofSeconds(1)).withListener(listener))) {
            pollUntilAssigned(consumer, Set.of(first, second));

            await().atMost(PATIENCE)
                    .until(() -> client.admin().groups().describe(name).state() == GroupState.EMPTY);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return !lost.isEmpty() && consumer.assignment().size() == 2;
            });
            assertThat(lost).containsExactly(Set.of(first, second));
        }
    }

    @Test
    void shouldBeginAtTheEndIfAskedTo() {
        write(first, "old");
        try (GroupConsumer consumer = client.groupConsumer(settings().withStart(Position.end()))) {
            pollUntilAssigned(consumer, Set.of(first, second));
            assertThat(consumer.position(first)).isEqualTo(1);
            write(first, "new");

            assertThat(read(consumer, 1)).containsExactly("new");
        }
    }

    @Test
    void shouldEndTheLoopWhenItsHandlerFailsAndCommitNothingOfThat() {
        write(first, "a", "b");
        ConsumerLoop failing = client.consume(settings(), records -> {
            throw new IOException("no database");
        });

        assertThatThrownBy(() -> failing.end().join()).hasRootCauseMessage("no database");
        failing.close();

        List<String> handled = new CopyOnWriteArrayList<>();
        try (ConsumerLoop loop =
                client.consume(settings(), records -> records.forEach(record -> handled.add(valueOf(record))))) {
            await().atMost(PATIENCE).until(() -> handled.size() == 2);
            assertThat(loop.end()).isNotDone();
        }
        assertThat(handled).containsExactly("a", "b");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.admin().groups().committed(name))
                        .containsEntry(first, CommittedOffset.of(2)));
    }

    @Test
    void shouldAdministerGroups() {
        write(first, "a", "b", "c");
        try (GroupConsumer consumer = client.groupConsumer(settings().withClientId("billing-1"))) {
            assertThat(read(consumer, 3)).hasSize(3);
            consumer.commit(Map.of(first, CommittedOffset.of(3).withMetadata("job 7")));

            GroupDescription group = client.admin().groups().describe(name);
            assertThat(group.state()).isEqualTo(GroupState.STABLE);
            assertThat(group.members()).singleElement().satisfies(member -> {
                assertThat(member.clientId()).isEqualTo("billing-1");
                assertThat(member.partitions()).containsExactlyInAnyOrder(first, second);
            });
            assertThat(group.rebalances()).isNotEmpty();
            assertThat(client.admin().groups().committed(name).get(first))
                    .isEqualTo(CommittedOffset.of(3).withMetadata("job 7"));
            assertRefused(
                    ErrorCode.GROUP_NOT_EMPTY, () -> client.admin().groups().reset(name, Map.of(first, 0L)));
            assertRefused(
                    ErrorCode.GROUP_NOT_EMPTY, () -> client.admin().groups().delete(name));
        }

        client.admin().groups().reset(name, Map.of(first, 1L));
        try (GroupConsumer consumer = client.groupConsumer(settings())) {
            assertThat(read(consumer, 2)).containsExactly("b", "c");
        }
        client.admin().groups().delete(name);
        assertRefused(ErrorCode.UNKNOWN_GROUP, () -> client.admin().groups().describe(name));
        assertThat(client.admin().groups().committed(name)).isEmpty();
    }

    private static void assertRefused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(LogException.class, refused -> assertThat(refused.code())
                .isEqualTo(code));
    }

    @Test
    void shouldCommitTheLastOffsetWhenManyCommitsAreAskedForAtOnce() {
        int commits = 900;
        write(first, "a");
        write(second, "b");
        try (GroupConsumer consumer = client.groupConsumer(settings().withAutoCommitInterval(Duration.ZERO))) {
            pollUntilAssigned(consumer, Set.of(first, second));

            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int offset = 1; offset <= commits; offset++) {
                TopicPartition partition = offset % 2 == 0 ? first : second;
                done.add(consumer.commitAsync(Map.of(partition, CommittedOffset.of(offset))));
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new))
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();

            assertThat(consumer.committed(Set.of(first, second)))
                    .isEqualTo(Map.of(first, CommittedOffset.of(commits), second, CommittedOffset.of(commits - 1)));
        }
    }
}

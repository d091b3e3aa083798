package io.flotilla.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Groups that read whatever topics match. */
class TopicPatternSubscriptionTest extends SdkTest {
    private TopicPartition createTopic(String suffix) {
        client.admin().createTopic(NewTopic.of(name + suffix, 1, 1));
        return new TopicPartition(name + suffix, 0);
    }

    private static void pollUntilAssigned(GroupConsumer consumer, TopicPartition... partitions) {
        await().atMost(PATIENCE).until(() -> {
            consumer.poll(POLL);
            return consumer.assignment().equals(Set.of(partitions));
        });
    }

    private GroupSettings matching() {
        return GroupSettings.ofPattern(name, name + "-(eu|us)");
    }

    @Test
    void shouldReadTopicsThatComeLaterAndLeaveThoseThatGo() {
        TopicPartition eu = createTopic("-eu");
        TopicPartition other = createTopic("-eu-old");
        write(other, utf8("not wanted"));

        try (GroupConsumer consumer = client.groupConsumer(matching())) {
            pollUntilAssigned(consumer, eu);
            TopicPartition us = createTopic("-us");
            write(us, utf8("wanted"));
            ConsumerRecord first = read(() -> consumer.poll(POLL), 1).get(0);
            assertThat(first.partition()).isEqualTo(us);
            assertThat(consumer.assignment()).containsExactlyInAnyOrder(eu, us);

            client.admin().deleteTopic(eu.topic());
            pollUntilAssigned(consumer, us);
        }
    }

    @Test
    void shouldJoinBeforeAnyTopicMatches() {
        try (GroupConsumer consumer = client.groupConsumer(matching())) {
            assertThat(consumer.poll(POLL)).isEmpty();
            TopicPartition eu = createTopic("-eu");

            pollUntilAssigned(consumer, eu);
        }
    }

    @Test
    void shouldReadNamesAndMatchesTogetherAndChangeBoth() {
        TopicPartition eu = createTopic("-eu");
        TopicPartition us = createTopic("-us");
        TopicPartition other = createTopic("-other");

        try (GroupConsumer consumer =
                client.groupConsumer(GroupSettings.of(name, other.topic()).withTopicPattern(name + "-eu"))) {
            pollUntilAssigned(consumer, eu, other);
            consumer.subscribePattern(name + "-u.");
            pollUntilAssigned(consumer, us);
            consumer.subscribe(Set.of(other.topic()));
            pollUntilAssigned(consumer, other);
        }
    }

    @Test
    void shouldTellWhatIsWrongWithAPattern() {
        try (GroupConsumer consumer = client.groupConsumer(GroupSettings.ofPattern(name, "orders["))) {
            await().atMost(PATIENCE).untilAsserted(() -> Assertions.assertThatThrownBy(() -> consumer.poll(POLL))
                    .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.INVALID_REQUEST))
                    .hasMessageContaining("the topic pattern 'orders[' is refused"));
        }
    }
}

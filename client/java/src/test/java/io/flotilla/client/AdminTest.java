package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdminTest {
    private ScriptedCluster cluster;
    private FlotillaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = ScriptedCluster.start(2).withTopic("orders", 3);
        client = FlotillaClient.connect(cluster.settings());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldTakeItsOwnTopicForCreatedWhenTheFirstAnswerWasLost() {
        TopicDescription created = client.admin().createTopic(NewTopic.of("new", 4, 1));

        assertThat(created.partitionCount()).isEqualTo(4);
    }

    @Test
    void shouldWaitForBrokersToKnowATopicThatAnAttemptWithoutAnAnswerHasMade() {
        cluster.describeTooEarly(3);

        TopicDescription created = client.admin().createTopic(NewTopic.of("new", 4, 1));

        assertThat(created.partitionCount()).isEqualTo(4);
    }

    @Test
    void shouldNotTakeATopicOfAnotherShapeForItsOwn() {
        client.admin().createTopic(NewTopic.of("new", 4, 1));

        assertThatThrownBy(() -> client.admin().createTopic(NewTopic.of("new", 4, 1)))
                .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS));
    }

    @Test
    void shouldDescribeTopicsWhateverBrokerAnswers() {
        cluster.broker(0).stop();

        TopicDescription topic = client.admin().describeTopic("orders");

        assertThat(topic.partitions()).hasSize(3);
        assertThat(topic.partitions().get(1).leaderBrokerId()).hasValue(1);
    }

    @Test
    void shouldBeginOneOperationWhenTheFirstAnswerWasLost() {
        TopicPartition partition = new TopicPartition("orders", 2);

        OperationDescription begun = client.admin().movePartition(partition, List.of(1, 0));

        assertThat(cluster.operationCount()).isOne();
        assertThat(begun.id()).matches("[0-9a-f]{32}");
        assertThat(begun.job()).isEqualTo(new OperationJob.Move(partition, List.of(1, 0)));
        assertThat(begun.state()).isEqualTo(OperationState.RUNNING);
        assertThat(begun.endedAt()).isEmpty();
        assertThat(client.admin().operation(begun.id()).remaining())
                .containsExactly(new MovingPartition(partition, List.of(0), List.of(1, 0), List.of(0)));
    }

    @Test
    void shouldTellThatThereIsNoSuchOperation() {
        assertThatThrownBy(() -> client.admin().operation("0123456789abcdef0123456789abcdef"))
                .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.UNKNOWN_OPERATION));
    }

    @Test
    void shouldSayWhyNothingWasAnsweredInTime() {
        cluster.broker(0).stop();
        cluster.broker(1).stop();

        try (FlotillaClient impatient =
                FlotillaClient.connect(cluster.settings().withRequestTimeout(Duration.ofMillis(300)))) {
            assertThatThrownBy(() -> impatient.admin().listTopics())
                    .isInstanceOfSatisfying(LogException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.TIMEOUT))
                    .hasMessageContaining("Connection refused")
                    .hasMessageContaining(cluster.broker(0).address().toString());
        }
    }
}

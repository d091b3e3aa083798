package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.scripted.ScriptedCluster;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import java.io.IOException;
import java.time.Duration;
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

package io.flotilla.metadata.store;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeFormatTest {
    static Stream<Outcome> outcomes() {
        MetadataImage image = imageAfter(broker(1, "dir_1", "rack"), broker(2), topic("t", 3, 2));
        Topic topic = image.topic("t").orElseThrow();
        return Stream.of(
                new Outcome.Accepted(
                        1, new Result.BrokerRegistered(image.broker(1).orElseThrow())),
                new Outcome.Accepted(2, new Result.TopicCreated(topic)),
                new Outcome.Accepted(3, new Result.TopicDeleted(topic, 0)),
                new Outcome.Accepted(3, new Result.TopicDeleted(topic, 1_700_000_000_000L)),
                new Outcome.Accepted(4, new Result.PartitionsAdded(topic)),
                new Outcome.Accepted(5, new Result.TopicConfigAltered(topic)),
                new Outcome.Accepted(6, new Result.TopicUndeleted(topic)),
                new Outcome.Accepted(7, new Result.TopicPurged(true)),
                new Outcome.Accepted(7, new Result.TopicPurged(false)),
                new Outcome.Accepted(4, new Result.LeadersReported(0)),
                new Outcome.Accepted(Long.MAX_VALUE, new Result.ProducerIdsAllocated(0, 7)),
                new Outcome.Rejected(ErrorCode.INVALID_CONFIG, "why", Map.of("config", "x", "value", "")));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void shouldSurviveTheWayToTheProposer(Outcome outcome) throws IOException {
        ByteBuffer bytes = OutcomeFormat.encode(outcome);

        assertThat(OutcomeFormat.decode(bytes)).isEqualTo(outcome);
        assertThat(OutcomeFormat.decode(bytes)).as("decoded again").isEqualTo(outcome);
    }

    @Test
    void shouldRefuseAnOutcomeOfAKindItDoesNotKnow() {
        assertThatThrownBy(() -> OutcomeFormat.decode(ByteBuffer.allocate(0))).hasMessageContaining("newer broker");
    }
}

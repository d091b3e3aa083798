package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.accepted;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings at creation are the matter of {@link TransitionTest}. */
class ConfigRulesTest {
    private final MetadataImage before = imageAfter(
            broker(1),
            new CreateTopic(new UUID(0, 1), "t", 1, 1, Map.of("retention.ms", "1000", "max.message.bytes", "2048")));

    private static AlterTopicConfig alter(Map<String, String> set, String... remove) {
        return new AlterTopicConfig("t", set, Set.of(remove));
    }

    @Test
    void shouldChangeWhatIsNamedAndLeaveTheRest() {
        Applied applied = accepted(Transition.apply(before, alter(Map.of("retention.bytes", "5"), "retention.ms")));

        Topic altered =
                applied.outcome().resultAs(Result.TopicConfigAltered.class).topic();
        assertThat(applied.image().topic("t")).contains(altered);
        assertThat(altered.config()).isEqualTo(Map.of("retention.bytes", "5", "max.message.bytes", "2048"));
        assertThat(altered.partitions())
                .isEqualTo(before.topic("t").orElseThrow().partitions());
        assertThat(altered.retention().retentionMillis()).isEqualTo(604_800_000);
    }

    @Test
    void shouldChangeNothingTheSecondTime() {
        AlterTopicConfig command = alter(Map.of("retention.ms", "5"), "retention.bytes");
        MetadataImage altered = imageAfter(before, command);

        Applied again = Transition.apply(altered, command);

        assertThat(again.image()).isSameAs(altered);
        assertThat(accepted(again)
                        .outcome()
                        .resultAs(Result.TopicConfigAltered.class)
                        .topic())
                .isEqualTo(altered.topic("t").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "retention.mss, 1, did you mean 'retention.ms'?",
        "retention.ms, soon, soon' is not a whole number",
        "segment.bytes, 1, 1' is not a whole number from 65536"
    })
    void shouldRefuseWhatACreationRefuses(String key, String value, String expected) {
        Outcome.Rejected rejection = rejected(before, alter(Map.of(key, value)));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(rejection.message()).contains(expected);
    }

    @Test
    void shouldRefuseToRemoveASettingThatDoesNotExist() {
        Outcome.Rejected rejection = rejected(before, alter(Map.of(), "retention.m"));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(rejection.message()).contains("did you mean 'retention.ms'?");
    }

    @Test
    void shouldJudgeTheSettingsAsTheyAreTogether() {
        MetadataImage small = imageAfter(
                broker(1),
                new CreateTopic(
                        new UUID(0, 1), "t", 1, 1, Map.of("segment.bytes", "65536", "max.message.bytes", "2048")));

        assertThat(rejected(small, alter(Map.of("max.message.bytes", "65537"))).message())
                .contains("65537", "65536");
        assertThat(imageAfter(small, alter(Map.of(), "max.message.bytes"))
                        .topic("t")
                        .orElseThrow()
                        .settings()
                        .batchBytesMax())
                .isEqualTo(65_536);
    }

    @Test
    void shouldRefuseToDivideTheFilesOfATopicOtherwise() {
        Outcome.Rejected rejection = rejected(before, alter(Map.of("segment.bytes", "1048576")));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(rejection.message()).contains("stays 134217728", "cannot become 1048576", "create another topic");
        assertThat(imageAfter(before, alter(Map.of("segment.bytes", "134217728")))
                        .topic("t")
                        .orElseThrow()
                        .settings()
                        .segmentBytesMax())
                .isEqualTo(134_217_728);
    }

    @Test
    void shouldRefuseContradictionsAndEmptyChanges() {
        assertThat(rejected(before, alter(Map.of("retention.ms", "5"), "retention.ms"))
                        .message())
                .contains("both set and removed");
        assertThat(rejected(before, alter(Map.of())).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(rejected(before, new AlterTopicConfig("nope", Map.of("retention.ms", "5"), Set.of()))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    }
}

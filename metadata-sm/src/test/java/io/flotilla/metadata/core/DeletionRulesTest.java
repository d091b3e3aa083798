package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.accepted;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.SpentIds;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletionRulesTest {
    private static final long NOW = 1_000_000;
    private static final long HOUR = 3_600_000;
    private static final DeleteTopic DELETE = new DeleteTopic("t", NOW, HOUR);

    private final MetadataImage before = imageAfter(broker(1), broker(2), topic("t", 2, 2), topic("u", 1, 1));
    private final Topic topic = before.topic("t").orElseThrow();
    private final MetadataImage deleted = imageAfter(before, DELETE);

    @Test
    void shouldHideADeletedTopicAndKeepItUntilItsGraceIsOver() {
        Applied applied = accepted(Transition.apply(before, DELETE));

        assertThat(applied.outcome().resultAs(Result.TopicDeleted.class))
                .isEqualTo(new Result.TopicDeleted(topic, NOW + HOUR));
        assertThat(applied.image().topic("t")).isEmpty();
        assertThat(applied.image().topic(topic.id())).isEmpty();
        assertThat(applied.image().partition(topic.partitionId(0))).isEmpty();
        assertThat(applied.image().deletedTopics().values()).containsExactly(new DeletedTopic(topic, NOW, NOW + HOUR));
        assertThat(applied.image().keptPartition(topic.partitionId(0)).isPresent())
                .isTrue();
    }

    @Test
    void shouldBringATopicBackAsItWas() {
        MetadataImage back = imageAfter(deleted, new UndeleteTopic("t"));

        assertThat(back.topic("t")).contains(topic);
        assertThat(back.topic(topic.id())).contains(topic);
        assertThat(back.deletedTopics()).isEmpty();
    }

    @Test
    void shouldGiveTheNameToAnotherTopicAndTheIdToNone() {
        UUID fresh = new UUID(4, 4);
        MetadataImage renewed = imageAfter(deleted, new CreateTopic(fresh, "t", 1, 1, Map.of()));

        assertThat(renewed.topic("t").orElseThrow().id()).isEqualTo(fresh);
        assertThat(rejected(renewed, new UndeleteTopic("t")).code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(rejected(deleted, new CreateTopic(topic.id(), "t", 2, 2, Map.of()))
                        .message())
                .contains("belongs to topic 't'");
    }

    @Test
    void shouldAskForTheIdWhenSeveralDeletedTopicsHadTheName() {
        UUID fresh = new UUID(4, 4);
        MetadataImage twice =
                imageAfter(deleted, new CreateTopic(fresh, "t", 1, 1, Map.of()), new DeleteTopic("t", NOW, HOUR));

        Outcome.Rejected rejection = rejected(twice, new UndeleteTopic("t"));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(rejection.details().get("topic_ids")).contains(topic.idText(), Topic.idText(fresh));
        assertThat(imageAfter(twice, new UndeleteTopic(topic.idText())).topic("t"))
                .contains(topic);
    }

    @Test
    void shouldAnswerAnUndeletionByIdTwice() {
        UndeleteTopic command = new UndeleteTopic(topic.idText());
        MetadataImage back = imageAfter(deleted, command);

        Applied again = Transition.apply(back, command);

        assertThat(again.image()).isSameAs(back);
        assertThat(again.outcome().resultAs(Result.TopicUndeleted.class).topic())
                .isEqualTo(topic);
    }

    /**
     * As it happens when the answer to a creation is lost, it is sent again, and the first one, which a slow broker still
     * held, is applied after the topic has come and gone.
     */
    @Test
    void shouldNotMakeAPurgedTopicAnewWhenItsCreationComesLate() {
        CreateTopic late = topic("t", 2, 2);
        MetadataImage atOnce = imageAfter(before, new DeleteTopic("t"));
        MetadataImage later = imageAfter(deleted, new PurgeTopic(topic.id(), NOW + HOUR));
        MetadataImage byId = imageAfter(deleted, new DeleteTopic(topic.idText()));

        for (MetadataImage purged : List.of(atOnce, later, byId)) {
            assertThat(rejected(purged, late).code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(purged.spentIds().ids()).containsExactly(topic.id());
            MetadataImage renewed = imageAfter(purged, new CreateTopic(new UUID(4, 4), "t", 1, 1, Map.of()));
            assertThat(rejected(renewed, late).code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        }
    }

    @Test
    void shouldRememberTheTopicsThatWerePurgedLast() {
        MetadataImage image = imageAfter(broker(1));
        for (int n = 0; n <= SpentIds.KEPT_MAX; n++) {
            image = imageAfter(image, new CreateTopic(new UUID(5, n), "t", 1, 1, Map.of()), new DeleteTopic("t"));
        }

        assertThat(image.spentIds().ids()).hasSize(SpentIds.KEPT_MAX);
        assertThat(image.spentIds().contains(new UUID(5, 0))).isFalse();
        assertThat(image.spentIds().contains(new UUID(5, 1))).isTrue();
    }

    @Test
    void shouldPurgeOnlyOnceTheGraceIsOver() {
        assertThat(rejected(deleted, new PurgeTopic(topic.id(), NOW + HOUR - 1)).message())
                .contains("kept for 1 ms more");

        MetadataImage purged = imageAfter(deleted, new PurgeTopic(topic.id(), NOW + HOUR));

        assertThat(purged.keptPartition(topic.partitionId(0)).isPresent()).isFalse();
        assertThat(rejected(purged, new UndeleteTopic("t")).message()).contains("was purged");
        assertThat(accepted(Transition.apply(purged, new PurgeTopic(topic.id(), NOW + HOUR)))
                        .outcome()
                        .resultAs(Result.TopicPurged.class)
                        .wasKept())
                .isFalse();
    }

    @Test
    void shouldNotPurgeByACommandThatComesTooLate() {
        PurgeTopic late = new PurgeTopic(topic.id(), NOW + HOUR);
        MetadataImage again = imageAfter(deleted, new UndeleteTopic("t"), new DeleteTopic("t", NOW + HOUR, HOUR));

        assertThat(rejected(again, late).message()).contains("kept");
        assertThat(imageAfter(before, late)).isEqualTo(before);
    }

    @Test
    void shouldPurgeATopicAtOnceThatIsDeletedWithoutGrace() {
        Applied applied = accepted(Transition.apply(before, new DeleteTopic("t", NOW, 0)));

        assertThat(applied.outcome().resultAs(Result.TopicDeleted.class)).isEqualTo(new Result.TopicDeleted(topic, 0));
        assertThat(applied.image().keptPartition(topic.partitionId(0)).isPresent())
                .isFalse();
        assertThat(applied.image().topics().keySet()).containsExactly("u");
    }

    @Test
    void shouldPurgeADeletedTopicEarlyByItsIdButNotByItsName() {
        assertThat(rejected(deleted, new DeleteTopic("t", NOW, 0)).message()).contains("purged by its id");
        assertThat(rejected(deleted, new DeleteTopic(topic.idText(), NOW, HOUR)).code())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC);

        assertThat(imageAfter(deleted, new DeleteTopic(topic.idText(), NOW, 0))
                        .keptPartition(topic.partitionId(0))
                        .isPresent())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Limits.DELETE_GRACE_MILLIS_MAX + 1})
    void shouldBoundTheGrace(long graceMillis) {
        assertThat(rejected(before, new DeleteTopic("t", NOW, graceMillis)).code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldBearAClockAtTheEndOfTime() {
        MetadataImage late = imageAfter(before, new DeleteTopic("t", Long.MAX_VALUE - 1, HOUR));

        assertThat(late.deletedTopics().values())
                .extracting(DeletedTopic::purgeAtMillis)
                .containsExactly(Long.MAX_VALUE);
    }

    @Test
    void shouldIgnoreReportsOfDeletedPartitions() {
        MetadataImage reported = imageAfter(
                deleted, new ReportLeaders(List.of(new LeaderReport(topic.partitionId(0), 3, 1, List.of()))));

        assertThat(reported).isSameAs(deleted);
    }
}

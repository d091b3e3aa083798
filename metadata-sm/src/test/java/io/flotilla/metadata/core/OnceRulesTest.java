package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.accepted;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.Once;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.SpentIds;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OnceRulesTest {
    private final MetadataImage before = imageAfter(broker(1), topic("t", 2, 1));

    private static Once once(long request, MetadataCommand change) {
        return new Once(new UUID(0, request), change);
    }

    private static AlterTopicConfig retention(String millis) {
        return new AlterTopicConfig("t", Map.of("retention.ms", millis), Set.of());
    }

    private static CreateTopic another(String name) {
        return new CreateTopic(new UUID(7, 7), name, 1, 1, Map.of());
    }

    @Test
    void shouldNotPutAnOldValueBack() {
        MetadataImage after = imageAfter(before, once(1, retention("10")));
        after = imageAfter(after, once(2, retention("20")));

        Applied again = accepted(Transition.apply(after, once(1, retention("10"))));

        assertThat(again.image()).isEqualTo(after);
        assertThat(again.outcome().resultAs(Result.TopicConfigAltered.class).topic())
                .isEqualTo(after.topic("t").orElseThrow());
        assertThat(after.topic("t").orElseThrow().config()).containsEntry("retention.ms", "20");
    }

    /** Else it would put the old value back when it comes again after a change. */
    @Test
    void shouldRememberAChangeThatChangedNothing() {
        MetadataImage after = imageAfter(before, once(1, retention("10")));

        Applied nothing = accepted(Transition.apply(after, once(2, retention("10"))));
        assertThat(nothing.image().version()).isEqualTo(after.version() + 1);
        MetadataImage changed = imageAfter(nothing.image(), once(3, retention("20")));

        assertThat(Transition.apply(changed, once(2, retention("10"))).image()).isEqualTo(changed);
    }

    @Test
    void shouldNotDeleteAnotherTopicOfTheSameName() {
        DeleteTopic delete = new DeleteTopic("t");
        MetadataImage after = imageAfter(imageAfter(before, once(1, delete)), another("t"));

        assertThat(rejected(after, once(1, delete)).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
        assertThat(Transition.apply(after, once(1, delete)).image()).isEqualTo(after);
    }

    @Test
    void shouldNotGrowAnotherTopicOfTheSameNameNorBringBackOneThatWasDeletedAgain() {
        DeleteTopic delete = new DeleteTopic("t", 5, 100);
        MetadataImage grown = imageAfter(before, once(1, new AddPartitions("t", 9)));
        MetadataImage deleted = imageAfter(grown, once(2, delete));
        MetadataImage back = imageAfter(deleted, once(3, new UndeleteTopic("t")));

        assertThat(accepted(Transition.apply(back, once(3, new UndeleteTopic("t"))))
                        .image())
                .isEqualTo(back);
        MetadataImage deletedAgain = imageAfter(back, once(4, delete));
        assertThat(rejected(deletedAgain, once(3, new UndeleteTopic("t"))).code())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
        MetadataImage another = imageAfter(deletedAgain, another("t"));
        assertThat(Transition.apply(another, once(1, new AddPartitions("t", 9))).image())
                .isEqualTo(another);
    }

    @Test
    void shouldLetARefusedRequestComeAgain() {
        Once alter = once(1, new AlterTopicConfig("later", Map.of("retention.ms", "10"), Set.of()));
        assertThat(rejected(before, alter).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);

        MetadataImage there = imageAfter(before, topic("later", 1, 1));

        assertThat(imageAfter(there, alter).topic("later").orElseThrow().config())
                .containsEntry("retention.ms", "10");
    }

    @Test
    void shouldForgetTheEarliest() {
        MetadataImage after = before;
        for (int request = 0; request < SpentIds.KEPT_MAX + 5; request++) {
            after = imageAfter(after, once(request, retention(Integer.toString(request))));
        }

        assertThat(after.spentIds().ids()).hasSize(SpentIds.KEPT_MAX).doesNotContain(new UUID(0, 4));
        assertThat(after.spentIds().contains(new UUID(0, 5))).isTrue();
    }

    @Test
    void shouldTakeNothingElse() {
        assertThatThrownBy(() -> once(1, once(2, retention("10")))).isInstanceOf(IllegalArgumentException.class);
    }
}

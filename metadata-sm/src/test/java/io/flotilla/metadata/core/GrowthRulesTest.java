package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.accepted;
import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.brokerWithRoom;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthRulesTest {
    private final MetadataImage before = imageAfter(broker(1), broker(2), broker(3), topic("t", 2, 3));

    @Test
    void shouldKeepTheOldPartitionsAndPutNewOnesBehindThem() {
        Topic small = before.topic("t").orElseThrow();

        Applied applied = accepted(Transition.apply(before, new AddPartitions("t", 6)));

        Topic grown = applied.outcome().resultAs(Result.PartitionsAdded.class).topic();
        assertThat(applied.image().topic("t")).contains(grown);
        assertThat(applied.image().version()).isEqualTo(before.version() + 1);
        assertThat(grown.id()).isEqualTo(small.id());
        assertThat(grown.partitions()).hasSize(6).startsWith(small.partitions().toArray(PartitionAssignment[]::new));
        assertThat(grown.partitions().stream()
                        .map(partition -> partition.preferredLeader().nodeId()))
                .containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
        assertThat(grown.partitions().subList(2, 6)).allSatisfy(added -> {
            assertThat(added.replicas()).hasSize(3).doesNotHaveDuplicates();
            assertThat(added.leader()).isEmpty();
        });
    }

    @Test
    void shouldAnswerTheSameCommandTwiceWithoutAddingTwice() {
        MetadataImage grown = imageAfter(before, new AddPartitions("t", 6));

        Applied again = Transition.apply(grown, new AddPartitions("t", 6));

        assertThat(again.image()).isSameAs(grown);
        assertThat(again.outcome().resultAs(Result.PartitionsAdded.class).topic())
                .isEqualTo(grown.topic("t").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1, Integer.MIN_VALUE, 10_001})
    void shouldOnlyGrowAndOnlyToTheLimit(int count) {
        Outcome.Rejected rejection = rejected(before, new AddPartitions("t", count));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
        assertThat(rejection.message()).contains("has 2 partitions", String.valueOf(count));
        assertThat(rejection.details()).containsEntry("present_partition_count", "2");
    }

    @Test
    void shouldRefuseToGrowATopicThatDoesNotExist() {
        assertThat(rejected(before, new AddPartitions("nope", 3)).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    }

    @Test
    void shouldRefuseWhatTheBrokersHaveNoRoomFor() {
        MetadataImage full = imageAfter(brokerWithRoom(1, 3), topic("t", 2, 1));

        assertThat(imageAfter(full, new AddPartitions("t", 3)).partitionCount()).isEqualTo(3);
        Outcome.Rejected rejection = rejected(full, new AddPartitions("t", 4));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
        assertThat(rejection.details()).containsEntry("replicas_room", "1");
    }

    @Test
    void shouldBoundThePartitionsOfTheClusterWithThoseOfDeletedTopics() {
        MetadataImage image = before;
        for (int n = 0; n < 9; n++) {
            image = imageAfter(image, topic("t" + n, Limits.TOPIC_PARTITIONS_MAX, 1));
        }
        image = imageAfter(image, topic("u", Limits.TOPIC_PARTITIONS_MAX - 2, 1), new DeleteTopic("u", 0, 1));

        Outcome.Rejected rejection = rejected(image, new AddPartitions("t", 3));

        assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
        assertThat(rejection.message()).contains("100000 partitions, 9998 of them of deleted topics");
        assertThat(imageAfter(image, new DeleteTopic("t0"), new AddPartitions("t", 3))
                        .partitionCount())
                .isEqualTo(80_003);
    }
}

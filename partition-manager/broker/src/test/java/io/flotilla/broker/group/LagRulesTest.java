package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.group.GroupLag.Lag;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupChange;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupRules;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.metadata.group.SubscribedTopics;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LagRulesTest {
    private static final UUID ID = new UUID(0, 1);
    private static final List<PeerId> REPLICAS = List.of(new PeerId("1-dir_1"));
    private static final MetadataImage IMAGE = imageOf(PartitionAssignment.unled(0, REPLICAS));

    /** Of a topic with two partitions, the second without a leader. */
    private static MetadataImage imageOf(PartitionAssignment first) {
        Topic topic = new Topic(ID, "t", 1, Map.of(), List.of(first, PartitionAssignment.unled(1, REPLICAS)));
        return MetadataImage.of("c", 1, 0, List.of(), List.of(topic));
    }

    private static PartitionId partition(int number) {
        return new PartitionId(ID, number);
    }

    private static GroupEntry group(String name, Map<PartitionId, CommittedOffset> offsets) {
        return GroupEntry.empty(name, 0).withOffsets(offsets);
    }

    private static CommittedOffset at(long offset) {
        return new CommittedOffset(offset, CommittedOffset.UNKNOWN_EPOCH, "", 0);
    }

    private static final long NOW = 100_000;

    private static PartitionEnds told(
            Map<PartitionId, Long> highWatermarks, Map<RecordPosition, OptionalLong> timestamps) {
        return new PartitionEnds(highWatermarks, timestamps);
    }

    private static RecordPosition record(int partition, long offset) {
        return new RecordPosition(partition(partition), offset);
    }

    private static OptionalLong lagMillis(long committed, PartitionEnds told) {
        return LagRules.lags(group("a", Map.of(partition(0), at(committed))), told, NOW)
                .get(0)
                .millis();
    }

    @Test
    void shouldTellTheAgeOfTheFirstRecordNotProcessed() {
        assertThat(lagMillis(3, told(Map.of(partition(0), 5L), Map.of(record(0, 3), OptionalLong.of(60_000)))))
                .hasValue(40_000);
        assertThat(lagMillis(3, told(Map.of(), Map.of(record(0, 3), OptionalLong.of(60_000)))))
                .as("which is known of old, though the leader is silent")
                .hasValue(40_000);
        assertThat(lagMillis(3, told(Map.of(partition(0), 5L), Map.of(record(0, 3), OptionalLong.of(NOW + 1)))))
                .as("by a clock that is ahead")
                .hasValue(0);
    }

    @Test
    void shouldTellNoAgeWhereNothingIsLeft() {
        assertThat(lagMillis(5, told(Map.of(partition(0), 5L), Map.of()))).hasValue(0);
        assertThat(lagMillis(6, told(Map.of(partition(0), 5L), Map.of())))
                .as("committed further than a follower has come")
                .hasValue(0);
        assertThat(lagMillis(3, told(Map.of(partition(0), 5L), Map.of(record(0, 3), OptionalLong.empty()))))
                .as("all was trimmed")
                .hasValue(0);
    }

    @Test
    void shouldNotGuess() {
        assertThat(lagMillis(3, PartitionEnds.NONE)).isEmpty();
        assertThat(lagMillis(3, told(Map.of(partition(0), 5L), Map.of())))
                .as("a broker of an older release tells no time")
                .isEmpty();
    }

    @Test
    void shouldTellOfPartitionsThatAreReadAndNotCommitted() {
        MemberInfo info = new MemberInfo("m", Optional.empty(), "", "", Optional.empty(), 1_000, 1_000);
        SubscribedTopics topics = SubscribedTopics.of(Map.of("t", new SubscribedTopics.Partitions(ID, 2)));
        ConsumerGroup joined =
                ((GroupChange.Done) GroupRules.join(ConsumerGroup.empty("a"), topics, info, Set.of("t"), 0)).group();
        GroupEntry group = group("a", Map.of(partition(1), at(4))).with(joined, 0);

        assertThat(LagRules.lags(group, told(Map.of(partition(0), 7L, partition(1), 4L), Map.of()), NOW))
                .containsExactly(
                        new PartitionLag(
                                partition(0),
                                OptionalLong.empty(),
                                OptionalLong.of(7),
                                OptionalLong.empty(),
                                OptionalLong.empty()),
                        new PartitionLag(
                                partition(1),
                                OptionalLong.of(4),
                                OptionalLong.of(4),
                                OptionalLong.of(0),
                                OptionalLong.of(0)));
    }

    @Test
    void shouldAskLeadersOnceForWhatIsNotKnown() {
        MetadataImage led = imageOf(PartitionAssignment.unled(0, REPLICAS).ledBy(1, 4));
        List<GroupEntry> groups = List.of(
                group("a", Map.of(partition(0), at(3), partition(1), at(10))),
                group("b", Map.of(partition(0), at(3))),
                group("c", Map.of(partition(0), at(8))),
                group("d", Map.of(partition(0), at(9))));

        assertThat(LagRules.questions(led, groups, Set.of(record(0, 9)), 5))
                .containsExactly(
                        Map.entry(1, new LagRules.Question(Set.of(partition(0)), Set.of(record(0, 3), record(0, 8)))));
        assertThat(LagRules.questions(led, groups, Set.of(), 1))
                .containsExactly(Map.entry(1, new LagRules.Question(Set.of(partition(0)), Set.of(record(0, 3)))));
    }

    @Test
    void shouldAddUpWhatIsKnownByTopic() {
        List<GroupEntry> groups = List.of(
                group("a", Map.of(partition(0), at(3), partition(1), at(10))),
                group("b", Map.of(partition(1), at(0), new PartitionId(new UUID(0, 2), 0), at(0))),
                group("c", Map.of()));

        Map<RecordPosition, OptionalLong> timestamps =
                Map.of(record(0, 3), OptionalLong.of(70_000), record(1, 10), OptionalLong.of(60_000));
        assertThat(LagRules.byTopic(IMAGE, groups, told(Map.of(partition(0), 10L, partition(1), 12L), timestamps), NOW))
                .containsExactly(
                        new Lag("a", "t", OptionalLong.of(9), OptionalLong.of(40_000)),
                        new Lag("b", "t", OptionalLong.of(12), OptionalLong.empty()));
        assertThat(LagRules.byTopic(IMAGE, groups, told(Map.of(partition(1), 9L), Map.of()), NOW))
                .as("an end that is behind what was committed, as on a follower")
                .containsExactly(
                        new Lag("a", "t", OptionalLong.of(0), OptionalLong.of(0)),
                        new Lag("b", "t", OptionalLong.of(9), OptionalLong.empty()));
    }
}

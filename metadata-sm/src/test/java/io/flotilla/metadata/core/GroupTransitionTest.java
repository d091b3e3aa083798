package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.ChangeGroups;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupTransitionTest {
    private static final long NOW = 1_700_000_000_000L;

    private MetadataImage image = imageAfter(broker(1), topic("t", 4, 1), topic("u", 1, 1));
    private Groups groups = Groups.NONE;

    private Outcome apply(GroupCommand command) {
        Applied applied = Transition.apply(image, groups, new ChangeGroups(command));
        assertThat(applied.image()).as("groups are no part of the image").isSameAs(image);
        groups = applied.changedGroups().orElse(groups);
        return applied.outcome();
    }

    private <T extends GroupResult> T accepted(GroupCommand command, Class<T> kind) {
        return kind.cast(apply(command).resultAs(Result.GroupsChanged.class).change());
    }

    private void rejected(GroupCommand command, ErrorCode code) {
        Groups before = groups;
        assertThat(apply(command))
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> assertThat(rejected.code())
                        .isEqualTo(code));
        assertThat(groups).isSameAs(before);
    }

    private static GroupCommand.Join join(String member, boolean returning, String... topics) {
        return new GroupCommand.Join(
                "g",
                new MemberInfo(member, Optional.empty(), "client", "host", Optional.empty(), 45_000, 300_000),
                new TreeSet<>(List.of(topics)),
                returning,
                NOW);
    }

    private PartitionId partition(String topic, int number) {
        return image.topic(topic).orElseThrow().partitionId(number);
    }

    private GroupResult.CommitAnswer commit(Optional<GroupCommand.Committer> member, long offset, int... numbers) {
        List<GroupCommand.Position> positions = Arrays.stream(numbers)
                .mapToObj(number -> new GroupCommand.Position(partition("t", number), offset, 3, "m"))
                .toList();
        GroupResult.Committed committed = accepted(
                new GroupCommand.CommitOffsets(List.of(new GroupCommand.Commit("g", member, positions)), NOW),
                GroupResult.Committed.class);
        return committed.answers().get(0);
    }

    private GroupEntry group() {
        return groups.group("g").orElseThrow();
    }

    private GroupMember member(String id) {
        return group().group().member(id).orElseThrow();
    }

    @Test
    void shouldMakeAGroupWithItsFirstMember() {
        GroupResult.Changed joined = accepted(join("a", false, "t"), GroupResult.Changed.class);

        assertThat(joined.rebalances()).isOne();
        assertThat(member("a").owned()).hasSize(4);
        assertThat(group().emptySinceMillis()).isZero();
    }

    @Test
    void shouldNotMakeAMemberOfOneThatSaysItIsOne() {
        rejected(join("a", true, "t"), ErrorCode.UNKNOWN_MEMBER);

        assertThat(groups.size()).isZero();
    }

    @Test
    void shouldTakeNoMoreMembersThanTheLimit() {
        for (int n = 0; n < GroupLimits.MEMBERS_MAX; n++) {
            accepted(join("m" + n, false), GroupResult.Changed.class);
        }

        rejected(join("one too many", false), ErrorCode.GROUP_FULL);
        accepted(join("m0", true), GroupResult.Changed.class);
    }

    @Test
    void shouldRefuseNamesThatCannotBe() {
        rejected(join("", false), ErrorCode.INVALID_REQUEST);
        rejected(join("a\n", false), ErrorCode.INVALID_REQUEST);
        rejected(join("x".repeat(GroupLimits.MEMBER_ID_LENGTH_MAX + 1), false), ErrorCode.INVALID_REQUEST);
        rejected(join("a", false, ""), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldTakeOffsetsOfPartitionsThatTheMemberHolds() {
        accepted(join("a", false, "t"), GroupResult.Changed.class);
        accepted(join("b", false, "t"), GroupResult.Changed.class);
        accepted(new GroupCommand.Acknowledge("g", "a", member("a").version()), GroupResult.Changed.class);
        int others = member("b").owned().firstKey().partition();
        int own = member("a").owned().firstKey().partition();

        GroupResult.CommitAnswer answer = commit(Optional.of(new GroupCommand.Committer("a", 2)), 7, others, own);

        assertThat(answer.refusal()).isEmpty();
        assertThat(answer.fenced()).containsExactly(0);
        assertThat(group().offsets())
                .containsExactly(Map.entry(partition("t", own), new CommittedOffset(7, 3, "m", NOW)));
    }

    @Test
    void shouldTakeNothingFromAMemberThatWasRemoved() {
        accepted(join("a", false, "t"), GroupResult.Changed.class);
        accepted(new GroupCommand.Leave("g", "a", false, "silent", NOW + 1), GroupResult.Changed.class);

        assertThat(commit(Optional.of(new GroupCommand.Committer("a", 1)), 7, 0).refusal())
                .contains(ErrorCode.UNKNOWN_MEMBER);
        assertThat(group().offsets()).isEmpty();
        assertThat(group().emptySinceMillis()).isEqualTo(NOW + 1);
    }

    @Test
    void shouldTakeOffsetsOfNobodyOnlyWhileNobodyIsThere() {
        assertThat(commit(Optional.empty(), 5, 0).refusal()).isEmpty();
        accepted(join("a", false, "t"), GroupResult.Changed.class);

        assertThat(commit(Optional.empty(), 6, 0).refusal()).contains(ErrorCode.GROUP_NOT_EMPTY);
        assertThat(group().offsets()).containsEntry(partition("t", 0), new CommittedOffset(5, 3, "m", NOW));
    }

    @Test
    void shouldRefuseMetadataThatIsTooLong() {
        GroupCommand.Position large =
                new GroupCommand.Position(partition("t", 0), 1, 0, "ä".repeat(GroupLimits.METADATA_BYTES_MAX / 2 + 1));

        GroupResult.Committed committed = accepted(
                new GroupCommand.CommitOffsets(
                        List.of(new GroupCommand.Commit("g", Optional.empty(), List.of(large))), NOW),
                GroupResult.Committed.class);

        assertThat(committed.answers().get(0).refusal()).contains(ErrorCode.OFFSET_METADATA_TOO_LARGE);
    }

    @Test
    void shouldSetOffsetsOfAGroupWithoutMembers() {
        commit(Optional.empty(), 5, 1);
        GroupCommand reset =
                GroupCommand.ResetOffsets.of("g", Map.of(partition("t", 0), 1L, partition("t", 1), 0L), NOW);

        assertThat(accepted(reset, GroupResult.Reset.class).before()).containsExactly(-1L, 5L);
        assertThat(group().offsets())
                .containsEntry(partition("t", 1), new CommittedOffset(0, CommittedOffset.UNKNOWN_EPOCH, "", NOW));

        accepted(join("a", false, "t"), GroupResult.Changed.class);
        rejected(reset, ErrorCode.GROUP_NOT_EMPTY);
    }

    @Test
    void shouldDeleteAGroupOnlyWithoutMembers() {
        rejected(new GroupCommand.DeleteGroup("g"), ErrorCode.UNKNOWN_GROUP);
        accepted(join("a", false, "t"), GroupResult.Changed.class);
        rejected(new GroupCommand.DeleteGroup("g"), ErrorCode.GROUP_NOT_EMPTY);

        accepted(new GroupCommand.Leave("g", "a", false, "", NOW), GroupResult.Changed.class);
        accepted(new GroupCommand.DeleteGroup("g"), GroupResult.Changed.class);

        assertThat(groups).isEqualTo(Groups.NONE);
    }

    @Test
    void shouldDeleteOffsetsOfTopicsThatNobodyReads() {
        commit(Optional.empty(), 5, 0, 1);
        accepted(join("a", false, "u"), GroupResult.Changed.class);

        GroupResult.Changed deleted = accepted(
                new GroupCommand.DeleteOffsets("g", List.of(partition("t", 0), partition("t", 3))),
                GroupResult.Changed.class);

        assertThat(deleted.removed()).isOne();
        assertThat(group().offsets()).containsOnlyKeys(partition("t", 1));
        rejected(new GroupCommand.DeleteOffsets("g", List.of(partition("u", 0))), ErrorCode.GROUP_NOT_EMPTY);
    }

    @Test
    void shouldFollowTopicsThatGrowAndForgetOffsetsOfThoseThatAreGoneForGood() {
        commit(Optional.empty(), 5, 0);
        accepted(join("a", false, "t"), GroupResult.Changed.class);
        image = imageAfter(image, new AddPartitions("t", 6));

        assertThat(accepted(new GroupCommand.FollowTopics(NOW), GroupResult.Changed.class))
                .isEqualTo(new GroupResult.Changed(1, 0));
        assertThat(member("a").owned()).hasSize(6);

        image = imageAfter(image, new DeleteTopic("t", NOW, 1_000));
        accepted(new GroupCommand.FollowTopics(NOW), GroupResult.Changed.class);
        assertThat(member("a").owned()).isEmpty();
        assertThat(group().offsets()).as("it may be undeleted").hasSize(1);

        image = imageAfter(
                image,
                new DeleteTopic(
                        image.deletedTopics().values().iterator().next().topic().idText()));
        assertThat(accepted(new GroupCommand.FollowTopics(NOW), GroupResult.Changed.class)
                        .removed())
                .isOne();
        assertThat(group().offsets()).isEmpty();
    }

    @Test
    void shouldForgetIdleGroupsAndNeverOneWithMembers() {
        commit(Optional.empty(), 5, 0);
        GroupCommand early = new GroupCommand.Expire(List.of("g", "none"), NOW);
        GroupCommand late = new GroupCommand.Expire(List.of("g"), NOW + 1);

        assertThat(accepted(early, GroupResult.Changed.class).removed()).isZero();
        accepted(join("a", false, "t"), GroupResult.Changed.class);
        assertThat(accepted(late, GroupResult.Changed.class).removed()).isZero();

        accepted(new GroupCommand.Leave("g", "a", false, "", NOW), GroupResult.Changed.class);
        assertThat(accepted(late, GroupResult.Changed.class).removed()).isOne();
        assertThat(groups.size()).isZero();
    }
}

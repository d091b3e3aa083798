package io.flotilla.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GroupRulesTest {
    private static final UUID ID = new UUID(0, 1);
    private static final SubscribedTopics TOPICS = topics(4);
    private static final ConsumerGroup EMPTY = ConsumerGroup.empty("g");
    private static final Set<String> T = Set.of("t");

    private static SubscribedTopics topics(int partitions) {
        return SubscribedTopics.of(Map.of("t", new SubscribedTopics.Partitions(ID, partitions)));
    }

    private static ConsumerGroup done(GroupChange change) {
        assertThat(change).isInstanceOf(GroupChange.Done.class);
        return ((GroupChange.Done) change).group();
    }

    private static MemberInfo info(String id, Optional<String> instance) {
        return new MemberInfo(id, instance, "client", "host", Optional.empty(), 45_000, 300_000);
    }

    private static ConsumerGroup join(ConsumerGroup group, String member) {
        return done(GroupRules.join(group, TOPICS, info(member, Optional.empty()), T, 1));
    }

    private static ConsumerGroup joinStatic(ConsumerGroup group, String member, String instance) {
        return done(GroupRules.join(group, TOPICS, info(member, Optional.of(instance)), T, 1));
    }

    private static GroupMember member(ConsumerGroup group, String id) {
        return group.member(id).orElseThrow();
    }

    private static PartitionId partition(int number) {
        return new PartitionId(ID, number);
    }

    @Test
    void shouldGiveTheFirstMemberEverythingAtOnce() {
        ConsumerGroup group = join(EMPTY, "a");

        assertThat(member(group, "a").owned()).hasSize(4).containsValue(1);
        assertThat(group.state()).isEqualTo(ConsumerGroup.State.STABLE);
        assertThat(group.rebalances()).containsExactly(new ConsumerGroup.Rebalance(1, 1, "a has joined"));
    }

    @Test
    void shouldGiveAPartitionToItsNextOwnerOnlyAfterTheLastHasAcknowledged() {
        ConsumerGroup group = join(join(EMPTY, "a"), "b");

        assertThat(member(group, "a").owned()).hasSize(2);
        assertThat(member(group, "a").revoking()).hasSize(2);
        assertThat(member(group, "a").epoch()).isEqualTo(1);
        assertThat(member(group, "b").owned()).isEmpty();
        assertThat(group.state()).isEqualTo(ConsumerGroup.State.RECONCILING);

        group = done(GroupRules.acknowledge(group, "a", member(group, "a").version()));

        assertThat(member(group, "a").epoch()).isEqualTo(2);
        assertThat(member(group, "b").owned().keySet()).containsExactlyInAnyOrderElementsOf(group.targetOf("b"));
        assertThat(group.state()).isEqualTo(ConsumerGroup.State.STABLE);
    }

    /** It was sent before the member heard what it is to give up. */
    @Test
    void shouldNotTakeAnEarlierAcknowledgementForOneOfWhatTheMemberHasNotHeardOf() {
        ConsumerGroup first = join(EMPTY, "a");
        int heard = member(first, "a").version();
        ConsumerGroup group = join(first, "b");

        assertThat(done(GroupRules.acknowledge(group, "a", heard))).isEqualTo(group);
    }

    @Test
    void shouldNotTakeTheAcknowledgementOfAVersionThatIsYetToCome() {
        ConsumerGroup first = join(EMPTY, "a");
        ConsumerGroup early = done(GroupRules.acknowledge(first, "a", Integer.MAX_VALUE));

        ConsumerGroup group = join(early, "b");

        assertThat(member(group, "a").revoking()).hasSize(2);
    }

    @Test
    void shouldFreeAtOnceWhatALeavingMemberHeld() {
        ConsumerGroup group = join(join(EMPTY, "a"), "b");

        group = done(GroupRules.leave(group, TOPICS, "a", 2, "a is silent for 45 s"));

        assertThat(member(group, "b").owned()).hasSize(4);
        assertThat(group.rebalances().get(2).reason()).isEqualTo("a is silent for 45 s");
    }

    @Test
    void shouldTellWhoeverIsNoMemberAnyMore() {
        assertThat(GroupRules.acknowledge(EMPTY, "a", 1)).isEqualTo(new GroupChange.UnknownMember("a"));
        assertThat(GroupRules.leave(EMPTY, TOPICS, "a", 1, "")).isEqualTo(new GroupChange.UnknownMember("a"));
        assertThat(GroupRules.goAway(EMPTY, TOPICS, "a", 1)).isEqualTo(new GroupChange.UnknownMember("a"));
        assertThat(GroupRules.subscribe(EMPTY, TOPICS, "a", T, 1)).isEqualTo(new GroupChange.UnknownMember("a"));
    }

    @Test
    void shouldChangeNothingWhenAMemberJoinsTwice() {
        ConsumerGroup group = join(EMPTY, "a");

        assertThat(join(group, "a")).isEqualTo(group);
    }

    @Test
    void shouldKeepAStaticMembersShareForItsSuccessorWithoutANewTarget() {
        ConsumerGroup group = joinStatic(joinStatic(EMPTY, "a1", "a"), "b1", "b");
        group = done(GroupRules.acknowledge(group, "a1", member(group, "a1").version()));
        Set<PartitionId> share = member(group, "a1").owned().keySet();
        ConsumerGroup away = done(GroupRules.goAway(group, TOPICS, "a1", 2));
        assertThat(member(away, "b1")).isEqualTo(member(group, "b1"));

        ConsumerGroup back = joinStatic(away, "a2", "a");

        assertThat(back.epoch()).isEqualTo(group.epoch());
        assertThat(back.member("a1")).isEmpty();
        assertThat(member(back, "a2").owned().keySet()).isEqualTo(share);
    }

    @Test
    void shouldNotReplaceAStaticMemberThatIsThere() {
        ConsumerGroup group = joinStatic(EMPTY, "a1", "a");

        assertThat(GroupRules.join(group, TOPICS, info("a2", Optional.of("a")), T, 2))
                .isEqualTo(new GroupChange.InstanceInUse("a", "a1"));
    }

    @Test
    void shouldNotWaitForAMemberThatIsAwayToGiveUpItsShare() {
        ConsumerGroup group = done(GroupRules.goAway(joinStatic(EMPTY, "a1", "a"), TOPICS, "a1", 2));

        group = join(group, "b");

        assertThat(member(group, "b").owned()).hasSize(2);
        assertThat(member(group, "a1").owned()).hasSize(2);
    }

    @Test
    void shouldLetAMemberThatIsNotStaticLeaveWhenItGoesAway() {
        ConsumerGroup group = done(GroupRules.goAway(join(EMPTY, "a"), TOPICS, "a", 2));

        assertThat(group.state()).isEqualTo(ConsumerGroup.State.EMPTY);
    }

    @Test
    void shouldHaveAMemberThatWasAwayReadAgainWhatItHadWhenItComesBackItself() {
        ConsumerGroup away = done(GroupRules.goAway(joinStatic(EMPTY, "a1", "a"), TOPICS, "a1", 2));

        ConsumerGroup back = joinStatic(away, "a1", "a");

        assertThat(member(back, "a1").away()).isFalse();
        assertThat(member(back, "a1").owned()).hasSize(4);
        assertThat(back.epoch()).isEqualTo(away.epoch());
    }

    @Test
    void shouldShareByWhatMostMembersAskFor() {
        ConsumerGroup group = EMPTY;
        for (String id : List.of("a", "b", "c")) {
            Optional<AssignorKind> kind = id.equals("a") ? Optional.empty() : Optional.of(AssignorKind.RANGE);
            MemberInfo info = new MemberInfo(id, Optional.empty(), "", "", kind, 1, 1);
            group = done(GroupRules.join(group, TOPICS, info, T, 1));
        }
        assertThat(group.assignor()).isEqualTo(AssignorKind.RANGE);

        group = done(GroupRules.leave(group, TOPICS, "b", 1, ""));
        group = done(GroupRules.leave(group, TOPICS, "c", 1, ""));

        assertThat(group.assignor()).isEqualTo(AssignorKind.UNIFORM);
    }

    @Test
    void shouldShareOutWhatATopicGrowsBy() {
        ConsumerGroup group = GroupRules.topicsChanged(join(EMPTY, "a"), topics(6), 2);

        assertThat(member(group, "a").owned()).hasSize(6);
        assertThat(group.epoch()).isEqualTo(2);
        assertThat(GroupRules.topicsChanged(group, topics(6), 3)).isEqualTo(group);
    }

    @Test
    void shouldKeepTheLastRebalancesOnly() {
        ConsumerGroup group = join(EMPTY, "a");
        for (int partitions = 5; partitions < 30; partitions++) {
            group = GroupRules.topicsChanged(group, topics(partitions), partitions);
        }

        assertThat(group.rebalances()).hasSize(ConsumerGroup.REBALANCES_KEPT);
        assertThat(group.rebalances().get(9).epoch()).isEqualTo(group.epoch());
    }

    @Test
    void shouldTakeCommitsOnlyFromWhoHasHeldThePartitionSinceThen() {
        ConsumerGroup group = join(join(EMPTY, "a"), "b");
        PartitionId given = member(group, "a").revoking().keySet().iterator().next();
        assertThat(member(group, "a").mayCommit(given, 1))
                .as("until it has let go")
                .isTrue();
        assertThat(member(group, "a").mayCommit(given, 2))
                .as("of an epoch it is not at")
                .isFalse();
        assertThat(member(group, "b").mayCommit(given, 2)).isFalse();

        group = done(GroupRules.acknowledge(group, "a", member(group, "a").version()));

        assertThat(member(group, "a").mayCommit(given, 1)).isFalse();
        assertThat(member(group, "b").mayCommit(given, 2)).isTrue();
        assertThat(member(group, "b").mayCommit(given, 1))
                .as("before it had it")
                .isFalse();
        PartitionId kept = member(group, "a").owned().keySet().iterator().next();
        assertThat(member(group, "a").mayCommit(kept, 1))
                .as("on its way when the group moved on")
                .isTrue();
        assertThat(member(group, "a").mayCommit(partition(99), 1)).isFalse();
    }
}

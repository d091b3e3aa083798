package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raftlog.raft.ratis.transport.LostLeaderRules.Times;
import io.flotilla.raftlog.raft.ratis.transport.LostLeaderRules.View;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;

class LostLeaderRulesTest {
    private static final RaftPeerId LEADER = RaftPeerId.valueOf("1-a");
    private static final List<RaftPeerId> LEFT =
            List.of(RaftPeerId.valueOf("2-b"), RaftPeerId.valueOf("3-c"), RaftPeerId.valueOf("4-d"));
    private static final TermIndex LAST = TermIndex.valueOf(5, 100);

    private static View follower(TermIndex last) {
        return new View(true, LEADER, 5, last);
    }

    @Test
    void shouldGiveEachMemberATurnOfItsOwn() {
        for (int group = 0; group < 20; group++) {
            Set<Integer> turns = new TreeSet<>();
            for (RaftPeerId member : LEFT) {
                turns.add(LostLeaderRules.turn(new UUID(7, group), member, LEFT));
            }
            assertThat(turns).containsExactly(0, 1, 2);
        }
    }

    @Test
    void shouldAgreeOnTheOrderWhateverThatOfThePeers() {
        UUID group = new UUID(7, 7);
        List<RaftPeerId> other = List.of(LEFT.get(2), LEFT.get(0), LEFT.get(1));

        for (RaftPeerId member : LEFT) {
            assertThat(LostLeaderRules.turn(group, member, other)).isEqualTo(LostLeaderRules.turn(group, member, LEFT));
        }
    }

    @Test
    void shouldSpreadTheGroupsOfOneLeaderOverAllThatAreLeft() {
        for (RaftPeerId member : LEFT) {
            long first = IntStream.range(0, 300)
                    .filter(group -> LostLeaderRules.turn(new UUID(7, group), member, LEFT) == 0)
                    .count();
            assertThat(first).isBetween(90L, 110L);
        }
    }

    @Test
    void shouldRefuseATurnToAMemberThatIsNotLeft() {
        assertThatThrownBy(() -> LostLeaderRules.turn(new UUID(7, 7), LEADER, LEFT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1-a");
    }

    @Test
    void shouldStandOnlyAsAFollowerOfTheLostLeaderWithAnEntryOfItsTerm() {
        assertThat(LostLeaderRules.mayStand(follower(LAST), LEADER)).isTrue();
        assertThat(LostLeaderRules.mayStand(follower(LAST), LEFT.get(0))).isFalse();
        assertThat(LostLeaderRules.mayStand(follower(TermIndex.valueOf(4, 100)), LEADER))
                .isFalse();
        assertThat(LostLeaderRules.mayStand(new View(true, LEADER, 5, null), LEADER))
                .isFalse();
        assertThat(LostLeaderRules.mayStand(new View(false, LEADER, 5, LAST), LEADER))
                .isFalse();
        assertThat(LostLeaderRules.mayStand(new View(true, null, 5, LAST), LEADER))
                .isFalse();
    }

    @Test
    void shouldSupportNobodyWhileItHearsFromTheLeader() {
        assertThat(LostLeaderRules.supports(follower(LAST), true, 5, LAST)).isTrue();
        assertThat(LostLeaderRules.supports(follower(LAST), false, 5, LAST)).isFalse();
    }

    @Test
    void shouldSupportNoCandidateThatHasLess() {
        assertThat(LostLeaderRules.supports(follower(LAST), true, 5, TermIndex.valueOf(5, 101)))
                .isTrue();
        assertThat(LostLeaderRules.supports(follower(LAST), true, 5, TermIndex.valueOf(5, 99)))
                .isFalse();
        assertThat(LostLeaderRules.supports(follower(LAST), true, 5, TermIndex.valueOf(4, 200)))
                .isFalse();
        assertThat(LostLeaderRules.supports(new View(true, LEADER, 5, null), true, 5, LAST))
                .isFalse();
    }

    @Test
    void shouldSupportNobodyOfAnotherTermOrInAnotherRole() {
        assertThat(LostLeaderRules.supports(follower(LAST), true, 4, LAST)).isFalse();
        assertThat(LostLeaderRules.supports(follower(LAST), true, 6, LAST)).isFalse();
        assertThat(LostLeaderRules.supports(new View(false, LEADER, 5, LAST), true, 5, LAST))
                .isFalse();
    }

    @Test
    void shouldLoseAPeerOnlyAfterTheSilenceThatItWasAwakeFor() {
        Times times = new Times(300, 1500);
        long day = TimeUnit.DAYS.toMillis(1);

        assertThat(LostLeaderRules.isSilent(OptionalLong.of(1500), day, times)).isTrue();
        assertThat(LostLeaderRules.isSilent(OptionalLong.of(1499), day, times)).isFalse();
        assertThat(LostLeaderRules.isSilent(OptionalLong.of(day), 100, times)).isFalse();
        assertThat(LostLeaderRules.isSilent(OptionalLong.empty(), day, times)).isFalse();
    }

    @Test
    void shouldTakeTheLeaseAsLongAsRatisDoes() {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        RaftServerConfigKeys.Read.setLeaderLeaseTimeoutRatio(properties, 0.3);

        assertThat(Times.of(properties)).isEqualTo(new Times(300, 1500));
    }

    @Test
    void shouldTakeMoreThanHalfOfAllVoters() {
        assertThat(LostLeaderRules.majority(3)).isEqualTo(2);
        assertThat(LostLeaderRules.majority(4)).isEqualTo(3);
        assertThat(LostLeaderRules.majority(5)).isEqualTo(3);
    }
}

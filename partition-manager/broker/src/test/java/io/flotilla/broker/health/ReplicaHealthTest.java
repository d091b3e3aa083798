package io.flotilla.broker.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.GroupProgress;
import io.flotilla.raftlog.raft.GroupProgress.Follower;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Leadership.Role;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaHealthTest {
    private static final PeerId ONE = PeerId.of(1, "a");
    private static final PeerId TWO = PeerId.of(2, "b");
    private static final Leadership LEADS = new Leadership(Role.LEADER, 7, Optional.of(ONE), true);
    private static final Leadership FOLLOWS = new Leadership(Role.FOLLOWER, 7, Optional.of(TWO), false);
    private static final Duration JUST_NOW = Duration.ofMillis(300);

    private static Optional<GroupProgress> applied(long applied, long committed) {
        return Optional.of(new GroupProgress(1, committed, committed, applied, List.of()));
    }

    private static Optional<GroupProgress> followedBy(Follower... followers) {
        return Optional.of(new GroupProgress(1, 5_000, 5_000, 5_000, List.of(followers)));
    }

    @Test
    void shouldBeReadyWithALeaderAndNearlyAllApplied() {
        assertThat(ReplicaHealth.notReady(LEADS, Optional.empty(), applied(10, 10)))
                .isEmpty();
        assertThat(ReplicaHealth.notReady(FOLLOWS, Optional.empty(), applied(10, 10 + ReplicaHealth.LAG_ENTRIES_MAX)))
                .isEmpty();
        assertThat(ReplicaHealth.notReady(FOLLOWS, Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void shouldNotBeReadyBeforeItDoesItsPart() {
        Leadership candidate = new Leadership(Role.CANDIDATE, 8, Optional.empty(), false);
        Leadership elected = new Leadership(Role.LEADER, 8, Optional.of(ONE), false);
        Leadership stopped = new Leadership(Role.STOPPED, 8, Optional.empty(), false);

        assertThat(ReplicaHealth.notReady(candidate, Optional.empty(), applied(10, 10)))
                .hasValue("it knows no leader in term 8");
        assertThat(ReplicaHealth.notReady(elected, Optional.empty(), applied(10, 10)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("just elected"));
        assertThat(ReplicaHealth.notReady(stopped, Optional.of(new IOException("disk gone")), Optional.empty()))
                .hasValue("it has stopped: disk gone");
        assertThat(ReplicaHealth.notReady(FOLLOWS, Optional.empty(), applied(10, 11 + ReplicaHealth.LAG_ENTRIES_MAX)))
                .hasValue("it has applied 10 of 1011 committed entries");
    }

    @Test
    void shouldCallAGroupUnderReplicatedByASilentOrLaggingFollower() {
        Follower good = new Follower(TWO, 5_000 - ReplicaHealth.LAG_ENTRIES_MAX, JUST_NOW);
        Follower lagging = new Follower(TWO, 4_999 - ReplicaHealth.LAG_ENTRIES_MAX, JUST_NOW);
        Follower silent = new Follower(TWO, 5_000, ReplicaHealth.SILENCE_MAX.plusMillis(1));

        assertThat(ReplicaHealth.isUnderReplicated(LEADS, followedBy(good))).isFalse();
        assertThat(ReplicaHealth.isUnderReplicated(LEADS, followedBy(good, lagging)))
                .isTrue();
        assertThat(ReplicaHealth.isUnderReplicated(LEADS, followedBy(silent))).isTrue();
    }

    @Test
    void shouldLeaveThatToTheLeader() {
        Follower silent = new Follower(TWO, 0, Duration.ofHours(1));

        assertThat(ReplicaHealth.isUnderReplicated(FOLLOWS, followedBy(silent))).isFalse();
        assertThat(ReplicaHealth.isUnderReplicated(LEADS, Optional.empty())).isFalse();
    }
}

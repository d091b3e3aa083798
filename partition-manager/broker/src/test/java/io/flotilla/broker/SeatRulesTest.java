package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataVoters;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a voter asks others whether it still is one. */
class SeatRulesTest {
    private static final PeerId SELF = PeerId.of(1, "d1");
    private static final PeerId TWO = PeerId.of(2, "d2");
    private static final MetadataVoters WANTED = new MetadataVoters(List.of(SELF, TWO), List.of());
    private static final Leadership LED = new Leadership(Leadership.Role.FOLLOWER, 3, Optional.of(TWO), false);

    private static boolean isDoubtful(MetadataVoters told, Leadership leadership, long leaderlessMillis) {
        return SeatRules.isDoubtful(SELF, told, leadership, Duration.ofMillis(leaderlessMillis), false);
    }

    @Test
    void shouldAskNobodyWhileItIsLedAndWanted() {
        assertThat(isDoubtful(WANTED, LED, 0)).isFalse();
        assertThat(isDoubtful(MetadataVoters.UNKNOWN, LED, 0)).isFalse();
    }

    @Test
    void shouldAskOnceOthersShallVoteInItsPlace() {
        assertThat(isDoubtful(new MetadataVoters(List.of(SELF, TWO), List.of(TWO)), LED, 0))
                .isTrue();
        assertThat(isDoubtful(new MetadataVoters(List.of(TWO), List.of()), LED, 0))
                .isTrue();
    }

    @Test
    void shouldAskWhenItHasKnownNoLeaderForLong() {
        assertThat(isDoubtful(WANTED, LED, 4_999)).isFalse();
        assertThat(isDoubtful(WANTED, LED, 5_000)).isTrue();
    }

    @Test
    void shouldAskWhenItsMemberHasStopped() {
        Leadership stopped = new Leadership(Leadership.Role.STOPPED, 3, Optional.empty(), false);

        assertThat(isDoubtful(WANTED, stopped, 0)).isTrue();
        assertThat(SeatRules.isDoubtful(SELF, WANTED, LED, Duration.ZERO, true)).isTrue();
    }
}

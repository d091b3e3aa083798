package io.flotilla.raftlog.raft.ratis;

import static io.flotilla.raftlog.raft.RaftSettings.Elections.FIRST_TIMEOUT_GROUPS_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.RaftSettings.Elections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstElectionsTest {
    private static final Duration LONG = Elections.DEFAULT.timeoutMin();
    private static final Duration SHORT = Elections.DEFAULT.firstTimeoutMin();

    private final List<Duration> told = new ArrayList<>();
    private final FirstElections elections = new FirstElections(Elections.DEFAULT, (min, max) -> told.add(min));

    @Test
    void shouldLeaveAFewGroupsTheirShortTimeouts() {
        elections.opening(FIRST_TIMEOUT_GROUPS_MAX);

        assertThat(told).isEmpty();
    }

    @Test
    void shouldBePatientWhileManyMembersAreBeingOpened() {
        elections.opening(FIRST_TIMEOUT_GROUPS_MAX + 1);
        elections.opened(false);

        assertThat(told).containsExactly(LONG, SHORT);
    }

    @Test
    void shouldBePatientUntilMostOpenMembersHaveSeenALeader() {
        for (int i = 0; i <= FIRST_TIMEOUT_GROUPS_MAX; i++) {
            elections.opening(1);
            elections.opened(true);
        }
        assertThat(told).containsExactly(LONG);

        elections.waiting(FIRST_TIMEOUT_GROUPS_MAX);

        assertThat(told).containsExactly(LONG, SHORT);
    }
}

package io.flotilla.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Leadership.Role;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaderships count as. */
class RaftMetricsTest {
    private final BrokerMetrics metrics = BrokerMetrics.open();

    @AfterEach
    void close() {
        metrics.close();
    }

    private static Leadership in(Role role, long term) {
        return new Leadership(role, term, Optional.empty(), false);
    }

    @Test
    void shouldCountEachTermThatBeganWhileTheMemberWasThere() {
        metrics.raft().leadershipChanged(Leadership.UNKNOWN, in(Role.FOLLOWER, 57));
        metrics.raft().leadershipChanged(in(Role.FOLLOWER, 57), in(Role.CANDIDATE, 58));
        metrics.raft().leadershipChanged(in(Role.CANDIDATE, 58), in(Role.LEADER, 60));
        metrics.raft().leadershipChanged(in(Role.LEADER, 60), in(Role.FOLLOWER, 60));

        assertThat(metrics.scrape().lines())
                .contains(
                        "flotilla_elections_total 3.0",
                        "flotilla_leadership_changes_total{change=\"gained\"} 1.0",
                        "flotilla_leadership_changes_total{change=\"lost\"} 1.0");
    }
}

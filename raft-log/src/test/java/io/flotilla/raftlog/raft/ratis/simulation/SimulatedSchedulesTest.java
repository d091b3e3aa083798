package io.flotilla.raftlog.raft.ratis.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our transport under seeded schedules of cuts, losses, delays, repeated and overtaken messages, stopped members and
 * hand-overs: the same thousand each time. Others run by
 *
 * <pre>mvn -B -pl raft-log -am test -Dtest=SimulatedSchedulesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dsimulation.seed=S -Dsimulation.schedules=N</pre>
 *
 * <p>To try one seed again, give it with 1 schedule. Threads and clocks are real, so it may take more than one try.
 */
class SimulatedSchedulesTest {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedSchedulesTest.class);
    private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 1000);
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final int SIDE_BY_SIDE = Integer.getInteger("simulation.side.by.side", 80);

    @Test
    void keepsWhatItAcknowledgedUnderEverySchedule() throws IOException, InterruptedException {
        List<Schedule.Result> results = Simulation.run(SEED, SCHEDULES, SIDE_BY_SIDE);

        LOG.warn(
                "{} schedules: {} entries acknowledged, {} terms, {} states taken over, slowest recovery {}",
                results.size(),
                sum(results, Schedule.Result::acknowledged),
                sum(results, Schedule.Result::terms),
                sum(results, Schedule.Result::installed),
                results.stream()
                        .map(Schedule.Result::recovery)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
        List<String> failed = results.stream()
                .filter(result -> !result.violations().isEmpty())
                .map(Schedule.Result::report)
                .toList();
        assertThat(failed).isEmpty();
        // A run in which nothing happens proves nothing.
        assertThat(sum(results, Schedule.Result::acknowledged)).isGreaterThan(5L * SCHEDULES);
        assertThat(sum(results, Schedule.Result::terms)).isGreaterThan(SCHEDULES);
    }

    private interface Count {
        int of(Schedule.Result result);
    }

    private static long sum(List<Schedule.Result> results, Count count) {
        return results.stream().mapToLong(count::of).sum();
    }
}

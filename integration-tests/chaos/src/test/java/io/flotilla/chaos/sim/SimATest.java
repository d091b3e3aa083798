package io.flotilla.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.sim.SimPlan.Action;
import io.flotilla.chaos.sim.SimPlan.Step;
import io.flotilla.raftlog.raft.ratis.simulation.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Others run by {@code integration-tests/run sim}. */
class SimATest {
    private static final long FIRST_SEED = 1;
    private static final int SEEDS = 10;
    private static final int SIDE_BY_SIDE = 8;

    @Test
    void shouldLoseNothingWhateverHappensToReplicasAndTheirNetwork() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            List<Future<SimResult>> running = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
                    .mapToObj(seed -> threads.submit(() -> SimA.run(seed)))
                    .toList();
            List<SimResult> results = new ArrayList<>();
            for (Future<SimResult> result : running) {
                results.add(result.get());
            }

            assertThat(results)
                    .allSatisfy(result ->
                            assertThat(result.violations()).as(result.report()).isEmpty());
            assertThat(results.stream().mapToInt(SimResult::acknowledged).sum()).isGreaterThan(100 * SEEDS);
            assertThat(results.stream().mapToInt(SimResult::read).sum()).isGreaterThan(100 * SEEDS);
            assertThat(results.stream().mapToInt(SimResult::terms).sum()).isGreaterThan(SEEDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldFindAcknowledgementsThatComeBeforeTheCommit() {
        SimPlan plan = new SimPlan(
                1,
                3,
                Stream.of(Action.HEAL, Action.CUT_LEADER, Action.HEAL)
                        .map(action -> step(action, 700))
                        .toList());

        SimResult result = SimA.run(plan, PlantedBug.acknowledgesEarly());

        assertThat(result.violations()).anyMatch(found -> found.contains("acknowledged"));
    }

    @Test
    void shouldBearWithLostAnswers() {
        SimResult result = SimA.run(quiet(2), PlantedBug.losesAnswers());

        assertThat(result.violations()).as(result.report()).isEmpty();
        assertThat(result.acknowledged()).isPositive();
    }

    @Test
    void shouldFindThatWhatIsSentAgainIsStoredTwice() {
        SimResult result = SimA.run(quiet(2), PlantedBug.forgetsProducers());

        assertThat(result.violations()).anyMatch(found -> found.matches("value .* is at offsets .* and .*"));
    }

    @Test
    void shouldFindAReplicaThatForgetsEntries() {
        SimResult result = SimA.run(quiet(3), PlantedBug.forgetsEntries());

        assertThat(result.violations()).anyMatch(found -> found.contains("node 2"));
        assertThat(result.report()).startsWith("seed 3:").contains("HEAL; 700 ms");
    }

    /** Replicas that do wrong do so when nothing happens to them, too. */
    private static SimPlan quiet(long seed) {
        return new SimPlan(seed, 3, List.of(step(Action.HEAL, 700)));
    }

    private static Step step(Action action, int pauseMillis) {
        return new Step(action, 1, 2, Faults.NONE, pauseMillis);
    }
}

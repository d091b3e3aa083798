package io.flotilla.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.check.CheckResult;
import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Target;
import io.flotilla.chaos.fault.Target.Role;
import io.flotilla.chaos.plan.Episode;
import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.PlanFile;
import io.flotilla.chaos.plan.PlannedFault;
import io.flotilla.chaos.plan.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cluster, a leader that is killed and one that is paused, and the judge's word on what was seen. */
class ChaosRunTest {
    private static final long SEED = 20_261_128;
    private static final int HEAP_MIB = 256;

    @Test
    void shouldFindAClusterValidWhoseLeadersAreKilledAndPaused(@TempDir Path directory) throws IOException {
        Plan plan = new Plan(
                SEED,
                "test",
                3,
                3_000,
                List.of(
                        episode(1, 3_000, fault(FaultId.KILL, 2_000, Trigger.ACK)),
                        episode(2, 15_000, fault(FaultId.PAUSE, 3_000, Trigger.NONE))),
                28_000);
        RunSettings usual = RunSettings.of("test", plan).withWorkloads(Set.of("W2", "W3", "reads"));
        RunSettings settings = new RunSettings(
                usual.profile(),
                plan,
                usual.workload().withRecordsPerSecond(200),
                usual.workloads(),
                Duration.ofSeconds(5),
                true,
                usual.finalTimeout());

        RunSummary summary;
        try (LocalBackend backend = LocalBackend.open(new LocalSettings(3, directory, HEAP_MIB, Map.of(), List.of())
                .enabling(EnumSet.of(FaultId.KILL, FaultId.PAUSE)))) {
            summary = ChaosRun.run(settings, backend, directory);
        }
        Judgement judgement = Judge.judge(directory.resolve(ChaosRun.HISTORY), JudgeSettings.defaults());

        assertThat(summary.unverified()).isEmpty();
        assertThat(summary.remarks()).isEmpty();
        assertThat(summary.counts()).containsEntry("fault armed", 2L).containsEntry("fault verified", 2L);
        assertThat(summary.failovers()).isNotEmpty().allSatisfy(failover -> assertThat(failover.millis())
                .isNotEqualTo(Failovers.NEVER));
        assertThat(judgement.verdict()).as(judgement.toText()).isEqualTo(CheckResult.Status.VALID);
        assertThat(PlanFile.read(directory)).isEqualTo(plan);
    }

    private static PlannedFault fault(FaultId id, long lengthMillis, Trigger trigger) {
        return new PlannedFault(
                new FaultSpec(id, Target.of(Role.LEADER), new TreeMap<>()), SEED, 0, lengthMillis, trigger);
    }

    private static Episode episode(int number, long startMillis, PlannedFault fault) {
        return new Episode(number, startMillis, SEED + number, List.of(fault), 10_000);
    }
}

package io.flotilla.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.plan.Plan;
import io.flotilla.chaos.plan.PlanFile;
import io.flotilla.chaos.plan.Plans;
import io.flotilla.chaos.plan.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSettingsTest {
    private static final Plan PLAN = Plans.random(3, Duration.ofMinutes(1), 3, EnumSet.of(FaultId.KILL, FaultId.PAUSE));

    @Test
    void shouldReplayWhatWasRun(@TempDir Path directory) throws IOException {
        RunSettings usual = RunSettings.of("nightly", PLAN);
        RunSettings settings =
                usual.with(usual.workload().withRecordsPerSecond(77.5)).withWorkloads(Set.of("W2", "reads"));

        settings.write(directory);

        assertThat(RunSettings.replaying(directory)).isEqualTo(settings);
    }

    @Test
    void shouldReplayAPlanAlone(@TempDir Path directory) throws IOException {
        PlanFile.write(PLAN, directory);

        assertThat(RunSettings.replaying(directory)).isEqualTo(RunSettings.of("random", PLAN));
    }

    @Test
    void shouldTakeTheRateOfAScenario() {
        RunSettings settings = RunSettings.of(Scenario.B27, Scenario.B27.plan(1, 3));

        assertThat(settings.workload().recordsPerSecond()).isEqualTo(Scenario.B27.recordsPerSecond());
    }

    @Test
    void shouldRefuseAWorkloadThatItDoesNotKnow() {
        RunSettings settings = RunSettings.of("test", PLAN);

        assertThatThrownBy(() -> settings.withWorkloads(Set.of("W4"))).hasMessageContaining("W4");
    }
}

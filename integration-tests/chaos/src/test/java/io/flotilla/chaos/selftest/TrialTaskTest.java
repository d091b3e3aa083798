package io.flotilla.chaos.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.plant.Plant;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrialTaskTest {
    @Test
    void triesEachSeedOfAllPlantsBeforeTheNextSeed() {
        assertThat(names(Set.of(Plant.P6, Plant.P1), 2, 0)).containsExactly("P1-7", "P6-7", "P1-8", "P6-8");
    }

    @Test
    void cleanRunsGoThroughTheScenariosInTurn() {
        assertThat(names(Set.of(Plant.P1, Plant.P6), 1, 3))
                .containsExactly("P1-7", "clean-P1-7", "P6-7", "clean-P6-7", "clean-P1-8");
    }

    @Test
    void thereAreNoneWithoutAPlant() {
        assertThat(names(Set.of(), 5, 5)).isEmpty();
    }

    private static List<String> names(Set<Plant> plants, int seeds, int cleanRuns) {
        var settings = new SelftestSettings(Path.of("selftest"), plants, 7, seeds, cleanRuns, 1);
        return TrialTask.of(settings).stream().map(TrialTask::name).toList();
    }
}

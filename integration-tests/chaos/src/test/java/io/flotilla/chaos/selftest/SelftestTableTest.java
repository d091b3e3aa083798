package io.flotilla.chaos.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.plant.Plant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SelftestTableTest {
    @Test
    void aPlantIsCaughtOnlyByTheChecksThatMustFindIt() {
        SelftestTable table = SelftestTable.of(
                List.of(
                        planted(1, Set.of(CheckId.C5), Set.of()),
                        planted(2, Set.of(CheckId.C18), Set.of()),
                        planted(3, Set.of(CheckId.C5, CheckId.C1), Set.of())),
                List.of());

        assertThat(table.plants()).singleElement().satisfies(row -> {
            assertThat(row.positive()).isEqualTo(2);
            assertThat(row.trials()).isEqualTo(3);
            assertThat(row.found()).containsEntry(CheckId.C5, 2).containsEntry(CheckId.C18, 1);
        });
        assertThat(table.passes()).isFalse();
    }

    @Test
    void aPlantWhoseRulesWereNotMetIsNotCaughtWhateverWasFound() {
        SelftestTable table = SelftestTable.of(List.of(planted(1, Set.of(CheckId.C5), Set.of("P6-answer"))), List.of());

        assertThat(table.plants()).singleElement().satisfies(row -> assertThat(row.positive())
                .isZero());
        assertThat(table.passes()).isFalse();
        assertThat(table.toText()).contains("unplanted 1");
    }

    @Test
    void anAlarmOfASoundClusterFailsTheSelftest() {
        Trial caught = planted(1, Set.of(CheckId.C5), Set.of());
        Trial quiet = new Trial(Plant.P6, false, 1, Set.of(), Set.of(), "", 30);
        Trial alarm = new Trial(Plant.P6, false, 2, Set.of(CheckId.C18), Set.of(), "", 30);

        assertThat(SelftestTable.of(List.of(caught, quiet), List.of()).passes()).isTrue();
        assertThat(SelftestTable.of(List.of(caught, quiet, alarm), List.of()).passes())
                .isFalse();
    }

    @Test
    void aTrialThatWasDoneAgainCountsOnce() {
        Trial broken = new Trial(Plant.P6, true, 1, Set.of(), Set.of(), "no broker came up", 3);

        SelftestTable table = SelftestTable.of(List.of(broken, planted(1, Set.of(CheckId.C5), Set.of())), List.of());

        assertThat(table.plants()).singleElement().satisfies(row -> {
            assertThat(row.trials()).isEqualTo(1);
            assertThat(row.positive()).isEqualTo(1);
        });
    }

    private static Trial planted(long seed, Set<CheckId> violated, Set<String> unplanted) {
        return new Trial(Plant.P6, true, seed, violated, unplanted, "", 30);
    }
}

package io.flotilla.chaos.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.plant.Plant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    private static final Trial CAUGHT = new Trial(Plant.P6, true, 7, Set.of(CheckId.C5, CheckId.C1), Set.of(), "", 41);
    private static final Trial BROKEN = new Trial(Plant.P4, false, 8, Set.of(), Set.of(), "no \"broker\"\ncame up", 2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void goesOnWhereAnEarlierSelftestEnded() throws Exception {
        Ledger first = Ledger.open(folder);
        first.add(CAUGHT);
        first.add(BROKEN);

        Ledger second = Ledger.open(folder);

        assertThat(second.trials()).containsExactly(CAUGHT, BROKEN);
        assertThat(second.has(CAUGHT.name())).isTrue();
        assertThat(second.has(Trial.name(Plant.P6, false, 7))).isFalse();
    }

    @Test
    void doesBrokenTrialsAgain() throws Exception {
        Ledger ledger = Ledger.open(folder);

        ledger.add(BROKEN);

        assertThat(ledger.has(BROKEN.name())).isFalse();
    }

    @Test
    void dropsALastLineThatWasCut() throws Exception {
        Ledger.open(folder).add(CAUGHT);
        Files.writeString(folder.resolve(Ledger.FILE), "{\"scenario\":\"P", StandardOpenOption.APPEND);

        Ledger.open(folder).add(BROKEN);

        assertThat(Ledger.open(folder).trials()).containsExactly(CAUGHT, BROKEN);
    }
}

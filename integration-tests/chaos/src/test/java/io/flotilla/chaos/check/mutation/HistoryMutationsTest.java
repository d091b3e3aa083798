package io.flotilla.chaos.check.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.history.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoryMutationsTest {
    private static final long STEPS = 20_000;

    private final Path directory;

    HistoryMutationsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldReportEachMutationByExactlyTheNamedChecks(long seed) {
        var rows = HistoryMutations.run(seed, STEPS, directory);

        assertThat(rows).as("seed " + seed).allMatch(HistoryMutations.Row::isRight);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void shouldFindHistoriesValidThatAre(long seed) {
        var history = new ArrayList<Event>();
        SyntheticHistory.generate(seed, STEPS, 3, history::add);

        Judgement judgement = HistoryMutations.judge(history, directory);

        assertThat(judgement.verdict()).as(judgement.toText()).isEqualTo(Status.VALID);
        assertThat(judgement.results().values()).noneMatch(result -> result.status() == Status.SKIPPED);
    }

    @Test
    void shouldHaveAMutationForEveryCheck() {
        var caught = EnumSet.noneOf(CheckId.class);
        HistoryMutations.mutations().forEach(mutation -> caught.addAll(mutation.caughtBy()));

        assertThat(caught).isEqualTo(EnumSet.allOf(CheckId.class));
    }
}

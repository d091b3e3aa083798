package io.flotilla.chaos.selftest;

import io.flotilla.chaos.check.mutation.HistoryMutations;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tries whether planted bugs are found, and whether sound clusters are left in peace. */
public final class Selftest {
    /** Length of the history that is spoilt. */
    private static final long HISTORY_STEPS = 20_000;

    private Selftest() {}

    /**
     * Has the judge look at spoilt histories, and does all trials that the ledger in the directory does not have yet,
     * each seed of all plants before the next seed. Of trials that were not as expected the run's folder is kept. Trials that end
     * while the process is being ended count as not done.
     *
     * @param story told about each trial
     * @return of all trials in the ledger
     * @throws IOException if the directory cannot be written
     */
    public static SelftestTable run(SelftestSettings settings, Consumer<String> story) throws IOException {
        Ledger ledger = Ledger.open(settings.directory());
        List<HistoryMutations.Row> mutations = mutations(settings, story);
        List<TrialTask> open = TrialTask.of(settings).stream()
                .filter(task -> !ledger.has(task.name()))
                .toList();
        story.accept(open.size() + " trials to do, " + settings.parallel() + " at a time, "
                + ledger.trials().size() + " done before");
        int before = ledger.trials().size();
        AtomicBoolean ending = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.set(true), "selftest-ending"));
        ParallelTrials.run(
                open,
                settings.parallel(),
                task -> new Examination(task.plant(), task.planted(), task.seed(), settings.directory()).take(),
                trial -> {
                    if (ending.get()) {
                        return; // its brokers were stopped in the middle, so what it says proves nothing
                    }
                    ledger.add(trial);
                    story.accept(line(trial, ledger.trials().size() - before, open.size()));
                });
        return SelftestTable.of(ledger.trials(), mutations);
    }

    private static String line(Trial trial, int number, int count) {
        return String.format(
                Locale.ROOT,
                "%d/%d %s %s %s%s in %d s",
                number,
                count,
                trial.name(),
                trial.result().name().toLowerCase(Locale.ROOT),
                trial.violated(),
                trial.problem().isEmpty() ? "" : " " + trial.problem(),
                trial.seconds());
    }

    private static List<HistoryMutations.Row> mutations(SelftestSettings settings, Consumer<String> story)
            throws IOException {
        Path directory = Files.createDirectories(settings.directory().resolve("mutations"));
        List<HistoryMutations.Row> rows = HistoryMutations.run(settings.firstSeed(), HISTORY_STEPS, directory);
        DirectoryTree.delete(directory);
        story.accept("of " + rows.size() + " histories, valid and spoilt, "
                + rows.stream().filter(HistoryMutations.Row::isRight).count() + " were judged right");
        return rows;
    }
}

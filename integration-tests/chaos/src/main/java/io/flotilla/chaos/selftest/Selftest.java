package io.flotilla.chaos.selftest;

import io.flotilla.chaos.check.mutation.HistoryMutations;
import io.flotilla.chaos.plant.Plant;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Tries whether planted bugs are found, and whether sound clusters are left in peace. */
public final class Selftest {
    /** Length of the history that is spoilt. */
    private static final long HISTORY_STEPS = 20_000;

    private Selftest() {}

    /** A trial that is to be done. */
    private record Task(Plant plant, boolean planted, long seed) {
        String name() {
            return Trial.name(plant, planted, seed);
        }
    }

    /**
     * Has the judge look at spoilt histories, and does all trials that the ledger in the directory does not have yet, each seed of all plants before the next seed. Of
     * trials that were not as expected the run's folder is kept.
     *
     * @param story told about each trial
     * @return of all trials in the ledger
     * @throws IOException if the directory cannot be written
     */
    public static SelftestTable run(SelftestSettings settings, Consumer<String> story) throws IOException {
        Ledger ledger = Ledger.open(settings.directory());
        List<HistoryMutations.Row> mutations = mutations(settings, story);
        List<Task> open = tasks(settings).stream()
                .filter(task -> !ledger.has(task.name()))
                .toList();
        story.accept(open.size() + " trials to do, " + ledger.trials().size() + " done before");
        int number = 0;
        for (Task task : open) {
            number++;
            Trial trial = new Examination(task.plant(), task.planted(), task.seed(), settings.directory()).take();
            ledger.add(trial);
            story.accept(String.format(
                    Locale.ROOT,
                    "%d/%d %s %s %s%s in %d s",
                    number,
                    open.size(),
                    trial.name(),
                    trial.result().name().toLowerCase(Locale.ROOT),
                    trial.violated(),
                    trial.problem().isEmpty() ? "" : " " + trial.problem(),
                    trial.seconds()));
        }
        return SelftestTable.of(ledger.trials(), mutations);
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

    private static List<Task> tasks(SelftestSettings settings) {
        List<Plant> plants = List.copyOf(settings.plants());
        List<Task> tasks = new ArrayList<>();
        int clean = 0;
        for (int round = 0; round < settings.seeds() || clean < settings.cleanRuns(); round++) {
            for (Plant plant : plants) {
                long seed = settings.firstSeed() + round;
                if (round < settings.seeds()) {
                    tasks.add(new Task(plant, true, seed));
                }
                if (clean < settings.cleanRuns()) {
                    tasks.add(new Task(plant, false, seed));
                    clean++;
                }
            }
            if (plants.isEmpty()) {
                break;
            }
        }
        return tasks;
    }
}

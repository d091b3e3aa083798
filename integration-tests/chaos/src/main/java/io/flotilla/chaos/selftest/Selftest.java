package io.flotilla.chaos.selftest;

import io.flotilla.chaos.plant.Plant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Tries whether planted bugs are found, and whether sound clusters are left in peace. */
public final class Selftest {
    private Selftest() {}

    /** A trial that is to be done. */
    private record Task(Plant plant, boolean planted, long seed) {
        String name() {
            return Trial.name(plant, planted, seed);
        }
    }

    /**
     * Does all trials that the ledger in the directory does not have yet, each seed of all plants before the next seed. Of
     * trials that were not as expected the run's folder is kept.
     *
     * @param story told about each trial
     * @return of all trials in the ledger
     * @throws IOException if the directory cannot be written
     */
    public static SelftestTable run(SelftestSettings settings, Consumer<String> story) throws IOException {
        Ledger ledger = Ledger.open(settings.directory());
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
        return SelftestTable.of(ledger.trials());
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

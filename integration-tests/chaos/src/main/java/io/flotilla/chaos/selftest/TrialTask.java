package io.flotilla.chaos.selftest;

import io.flotilla.chaos.plant.Plant;
import java.util.ArrayList;
import java.util.List;

/** A trial that is to be done. */
record TrialTask(Plant plant, boolean planted, long seed) {
    /** Of the trial. */
    String name() {
        return Trial.name(plant, planted, seed);
    }

    /**
     * All trials of a selftest, each seed of all plants before the next seed. The clean runs go through the plants'
     * scenarios in turn, until there are as many as wanted.
     */
    static List<TrialTask> of(SelftestSettings settings) {
        List<Plant> plants = List.copyOf(settings.plants());
        List<TrialTask> tasks = new ArrayList<>();
        int clean = 0;
        for (int round = 0; !plants.isEmpty() && (round < settings.seeds() || clean < settings.cleanRuns()); round++) {
            for (Plant plant : plants) {
                long seed = settings.firstSeed() + round;
                if (round < settings.seeds()) {
                    tasks.add(new TrialTask(plant, true, seed));
                }
                if (clean < settings.cleanRuns()) {
                    tasks.add(new TrialTask(plant, false, seed));
                    clean++;
                }
            }
        }
        return tasks;
    }
}

package io.flotilla.chaos.selftest;

import io.flotilla.chaos.plant.Plant;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much a selftest does.
 *
 * @param directory of its runs and of the ledger of those that are done; without a space, absent or of an earlier selftest,
 *     which then goes on
 * @param plants    that are tried
 * @param firstSeed of the runs of each, which have this one and those that follow
 * @param seeds     runs of each plant, 0 or more
 * @param cleanRuns of sound clusters, through the plants' scenarios in turn, 0 or more
 */
public record SelftestSettings(Path directory, Set<Plant> plants, long firstSeed, int seeds, int cleanRuns) {
    public SelftestSettings {
        directory = directory.toAbsolutePath().normalize();
        plants = java.util.Collections.unmodifiableSet(new TreeSet<>(plants));
        if (seeds < 0 || cleanRuns < 0) {
            throw new IllegalArgumentException(
                    seeds + " seeds and " + cleanRuns + " clean runs: each must be 0 or more");
        }
    }

    /** All plants with 20 seeds each, and as many clean runs as there are runs with a plant. */
    public static SelftestSettings of(Path directory) {
        Set<Plant> all = Set.of(Plant.values());
        return new SelftestSettings(directory, all, 1, 20, 20 * all.size());
    }
}

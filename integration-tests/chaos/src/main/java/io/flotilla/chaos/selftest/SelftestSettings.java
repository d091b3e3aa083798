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
 * @param parallel  runs at a time, 1 to 8; what each does does not depend on it
 */
public record SelftestSettings(
        Path directory, Set<Plant> plants, long firstSeed, int seeds, int cleanRuns, int parallel) {
    private static final int PARALLEL_MAX = 8;

    public SelftestSettings {
        directory = directory.toAbsolutePath().normalize();
        plants = java.util.Collections.unmodifiableSet(new TreeSet<>(plants));
        if (seeds < 0 || cleanRuns < 0) {
            throw new IllegalArgumentException(
                    seeds + " seeds and " + cleanRuns + " clean runs: each must be 0 or more");
        }
        if (parallel < 1 || parallel > PARALLEL_MAX) {
            throw new IllegalArgumentException(parallel + " runs at a time: must be from 1 to " + PARALLEL_MAX);
        }
    }
}

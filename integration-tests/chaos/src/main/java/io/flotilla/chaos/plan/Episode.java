package io.flotilla.chaos.plan;

import java.util.List;

/**
 * Some faults, after which all is healed and left in peace for a while.
 *
 * @param number      in the plan, from 1
 * @param startMillis since the run's first step, 0 or more
 * @param seed        of the episode
 * @param faults      one or more
 * @param quietMillis after all faults are healed, 0 or more
 */
public record Episode(int number, long startMillis, long seed, List<PlannedFault> faults, long quietMillis) {
    public Episode {
        faults = List.copyOf(faults);
        if (number < 1 || startMillis < 0 || quietMillis < 0 || faults.isEmpty()) {
            throw new IllegalArgumentException("episode " + number + " at " + startMillis + " ms with " + faults.size()
                    + " faults and " + quietMillis + " ms of quiet is none");
        }
    }

    /** From its start until its last fault is over, in milliseconds. */
    public long lengthMillis() {
        return faults.stream().mapToLong(PlannedFault::endMillis).max().orElse(0);
    }

    /** When the next one may start, in milliseconds since the run's first step. */
    public long endMillis() {
        return startMillis + lengthMillis() + quietMillis;
    }
}

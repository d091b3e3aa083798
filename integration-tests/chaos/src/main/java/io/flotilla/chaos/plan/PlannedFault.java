package io.flotilla.chaos.plan;

import io.flotilla.chaos.fault.FaultSpec;
import java.util.List;

/**
 * A fault of an episode.
 *
 * @param seed         of what the order leaves open
 * @param delayMillis  from the episode's start until it is armed, 0 or more
 * @param lengthMillis for which it is held, 0 or more
 * @param trigger      what is awaited before it is armed, for at most some seconds
 */
public record PlannedFault(FaultSpec spec, long seed, long delayMillis, long lengthMillis, Trigger trigger) {
    public PlannedFault {
        if (delayMillis < 0 || lengthMillis < 0) {
            throw new IllegalArgumentException(
                    "delay " + delayMillis + " ms, length " + lengthMillis + " ms: must be 0 or more");
        }
    }

    /** One that waits for nothing. */
    public PlannedFault(FaultSpec spec, long seed, long delayMillis, long lengthMillis) {
        this(spec, seed, delayMillis, lengthMillis, Trigger.NONE);
    }

    /** When it is over, from the episode's start, in milliseconds. */
    public long endMillis() {
        return delayMillis + lengthMillis;
    }

    /** Whether there is a moment at which both are armed. */
    public boolean overlaps(PlannedFault other) {
        return delayMillis <= other.endMillis() && other.delayMillis <= endMillis();
    }

    /** Those of a list that are armed at some moment together with this one, itself included. */
    List<PlannedFault> together(List<PlannedFault> all) {
        return all.stream().filter(this::overlaps).toList();
    }
}

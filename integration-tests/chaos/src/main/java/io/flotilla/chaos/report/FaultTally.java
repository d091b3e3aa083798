package io.flotilla.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Faults of one kind in numbers.
 *
 * @param verified   shown to have had an effect
 * @param unverified looked for, and not found
 * @param nanos      that they lasted together
 */
record FaultTally(String fault, long armed, long verified, long unverified, long nanos) {
    /** Of all faults of a run, in the order of {@code N1} to {@code N28}. */
    static List<FaultTally> of(List<FaultBar> bars) {
        SortedMap<String, FaultTally> kinds = new TreeMap<>(FaultBars.BY_CODE);
        for (FaultBar bar : bars) {
            kinds.merge(
                    bar.fault(),
                    new FaultTally(
                            bar.fault(),
                            1,
                            bar.verified() ? 1 : 0,
                            bar.unverified() ? 1 : 0,
                            bar.endNanos() - bar.startNanos()),
                    FaultTally::plus);
        }
        return new ArrayList<>(kinds.values());
    }

    private FaultTally plus(FaultTally other) {
        return new FaultTally(
                fault,
                armed + other.armed,
                verified + other.verified,
                unverified + other.unverified,
                nanos + other.nanos);
    }
}

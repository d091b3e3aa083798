package io.flotilla.cluster.suite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What happens in one run: every kind of fault, in an order that the seed decides.
 *
 * @param seed   of the order, and of the traffic's keys and contents
 * @param faults one after the other
 */
record FaultPlan(long seed, List<Fault> faults) {
    static FaultPlan of(long seed) {
        List<Fault> faults = new ArrayList<>(Fault.ALL);
        Collections.shuffle(faults, new Random(seed));
        return new FaultPlan(seed, List.copyOf(faults));
    }
}

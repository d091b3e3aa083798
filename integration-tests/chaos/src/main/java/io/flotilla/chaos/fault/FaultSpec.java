package io.flotilla.chaos.fault;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A fault as a plan orders it.
 *
 * @param target     who is struck, resolved to brokers when the fault is armed
 * @param parameters of this kind of fault, by name; what is missing has the default of the kind
 */
public record FaultSpec(FaultId id, Target target, SortedMap<String, String> parameters) {
    public FaultSpec {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }
}

package io.flotilla.chaos.net;

import io.flotilla.chaos.fault.Target;
import java.util.List;

/** Tells which brokers a target means now. */
@FunctionalInterface
public interface Victims {
    /** @throws io.flotilla.chaos.fault.FaultException if nobody has the role, or too few have */
    List<Integer> resolve(Target target, long seed);
}

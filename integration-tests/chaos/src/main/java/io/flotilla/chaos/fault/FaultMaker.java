package io.flotilla.chaos.fault;

/** Makes faults of one kind. */
@FunctionalInterface
public interface FaultMaker {
    /**
     * Makes a fault ready; nothing happens yet.
     *
     * @param seed of what the order leaves open
     * @throws FaultException if a parameter is wrong
     */
    Fault make(FaultSpec spec, long seed);
}

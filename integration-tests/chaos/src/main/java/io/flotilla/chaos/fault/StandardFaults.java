package io.flotilla.chaos.fault;

import io.flotilla.chaos.fault.process.Kill;
import io.flotilla.chaos.fault.process.Pause;
import io.flotilla.chaos.fault.process.RollingRestart;
import io.flotilla.chaos.fault.process.Terminate;

/** The faults that are possible with every cluster of processes on this machine. */
public final class StandardFaults {
    private StandardFaults() {}

    /** Adds them to a registry. */
    public static void register(FaultRegistry registry, Site site) {
        registry.put(FaultId.KILL, (spec, seed) -> new Kill(site, spec, seed));
        registry.put(FaultId.TERMINATE, (spec, seed) -> new Terminate(site, spec, seed));
        registry.put(FaultId.PAUSE, (spec, seed) -> new Pause(site, spec, seed));
        registry.put(FaultId.ROLLING_RESTART, (spec, seed) -> new RollingRestart(site, spec, seed));
    }
}

package io.flotilla.chaos.fault;

import io.flotilla.chaos.fault.admin.Moves;
import io.flotilla.chaos.fault.admin.TransferStorm;
import io.flotilla.chaos.fault.client.BadClients;
import io.flotilla.chaos.fault.data.BitRot;
import io.flotilla.chaos.fault.data.Wipe;
import io.flotilla.chaos.fault.process.Kill;
import io.flotilla.chaos.fault.process.MetadataLoss;
import io.flotilla.chaos.fault.process.Pause;
import io.flotilla.chaos.fault.process.RollingRestart;
import io.flotilla.chaos.fault.process.ScarceResources;
import io.flotilla.chaos.fault.process.Terminate;

/** The faults that are possible with every cluster of processes on this machine. */
public final class StandardFaults {
    private StandardFaults() {}

    /** Adds them to a registry. */
    public static void register(FaultRegistry registry, Site site) {
        registry.put(FaultId.KILL, (spec, seed) -> new Kill(site, spec, seed));
        registry.put(FaultId.TERMINATE, (spec, seed) -> new Terminate(site, spec, seed));
        registry.put(FaultId.PAUSE, (spec, seed) -> new Pause(site, spec, seed));
        registry.put(FaultId.BIT_ROT, (spec, seed) -> new BitRot(site, spec, seed));
        registry.put(FaultId.MEMBERSHIP, (spec, seed) -> new Moves(site, spec, seed));
        registry.put(FaultId.ROLLING_RESTART, (spec, seed) -> new RollingRestart(site, spec, seed));
        registry.put(FaultId.TRANSFER_STORM, (spec, seed) -> new TransferStorm(site, spec, seed));
        registry.put(FaultId.WIPE, (spec, seed) -> new Wipe(site, spec, seed));
        registry.put(FaultId.METADATA_LOSS, (spec, seed) -> new MetadataLoss(site, spec, seed));
        registry.put(FaultId.SCARCE_RESOURCES, (spec, seed) -> new ScarceResources(site, spec, seed));
        registry.put(FaultId.CLIENT_FAULT, (spec, seed) -> new BadClients(site, spec, seed));
    }
}

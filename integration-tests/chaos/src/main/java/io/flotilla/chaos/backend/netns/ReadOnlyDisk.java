package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.util.List;

/**
 * N18: the targets' file systems turn read-only under them, as ext4 does on an error of its own. Brokers may end by
 * themselves then, also those that another fault starts. At the end they are killed, have their disks back, and start.
 */
final class ReadOnlyDisk implements LingeringFault {
    private final Site site;
    private final Disks disks;
    private final FaultSpec spec;
    private final long seed;
    private List<Integer> victims = List.of();

    ReadOnlyDisk(Site site, Disks disks, FaultSpec spec, long seed) {
        this.site = site;
        this.disks = disks;
        this.spec = spec;
        this.seed = seed;
        Parameters.of(spec).requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        victims = site.roles().resolve(spec.target(), seed);
        victims.forEach(site::excuse);
        for (LoopDisk disk : disks.of(victims)) {
            try {
                disk.turnReadOnly();
            } catch (IOException failure) {
                throw new FaultException("cannot make " + disk.mountPoint() + " read-only", failure);
            }
        }
        return victims;
    }

    @Override
    public String verify() {
        for (LoopDisk disk : disks.of(victims)) {
            if (!disk.isOff()) {
                throw new FaultException(disk.mountPoint() + " took a file though it is read-only");
            }
        }
        return "disks of " + Site.names(victims) + " refuse writes";
    }

    @Override
    public void disarm() {
        site.kill(victims);
        for (LoopDisk disk : disks.of(victims)) {
            try {
                disk.restore();
            } catch (IOException failure) {
                throw new FaultException("cannot mount " + disk.mountPoint() + " again", failure);
            }
        }
        victims.forEach(site::demand);
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}

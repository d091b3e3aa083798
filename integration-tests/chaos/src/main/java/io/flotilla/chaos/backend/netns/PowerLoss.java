package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.cluster.suite.LoopDisk;
import io.flotilla.cluster.suite.PowerSwitch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * N17: the targets lose power at one time: all that was not synced is gone, and so are the processes. The disks are
 * mounted again at once, the brokers start at the end. A file that nobody synced is the canary.
 */
final class PowerLoss implements LingeringFault {
    private final Site site;
    private final Disks disks;
    private final FaultSpec spec;
    private final long seed;
    private final List<String> refusals = new ArrayList<>();
    private List<Integer> victims = List.of();
    private boolean restored = true;

    PowerLoss(Site site, Disks disks, FaultSpec spec, long seed) {
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
        List<LoopDisk> struck = disks.of(victims);
        try (PowerSwitch power =
                PowerSwitch.arm(struck.stream().map(LoopDisk::mountPoint).toList())) {
            victims.stream().filter(site.cluster()::isRunning).forEach(site.cluster()::expectExit);
            for (LoopDisk disk : struck) {
                disk.releaseCanary();
            }
            restored = false;
            power.cut();
        } catch (IOException failure) {
            throw new FaultException("cannot cut the power of " + Site.names(victims), failure);
        } finally {
            site.kill(victims);
        }
        for (LoopDisk disk : struck) {
            refusals.add(disk.isOff() ? "refused writes" : "took writes");
        }
        restore();
        return victims;
    }

    private void restore() {
        try {
            for (LoopDisk disk : disks.of(victims)) {
                disk.restore();
            }
            restored = true;
        } catch (IOException failure) {
            throw new FaultException("cannot mount the disks of " + Site.names(victims) + " again", failure);
        }
    }

    @Override
    public String verify() {
        List<Integer> unharmed =
                victims.stream().filter(id -> disks.of(id).canaryLives()).toList();
        if (!unharmed.isEmpty() || refusals.contains("took writes")) {
            throw new FaultException("the power of " + Site.names(victims) + " was cut, but the disks " + refusals
                    + ", and what was not synced is there on " + unharmed);
        }
        return "disks of " + Site.names(victims) + " refused writes, and a file that was not synced is gone";
    }

    @Override
    public void disarm() {
        if (!restored) {
            site.kill(victims);
            restore();
        }
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}

package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** N13: the targets' disks have no more than {@code leave.kib}, 0 to 65,536, KiB left. */
final class FullDisk implements LingeringFault {
    private static final int PROBE_BYTES = 1 << 20;
    private static final String PROBE = "probe";

    private final Site site;
    private final Disks disks;
    private final FaultSpec spec;
    private final long seed;
    private final long leaveBytes;
    private List<Integer> victims = List.of();

    FullDisk(Site site, Disks disks, FaultSpec spec, long seed) {
        this.site = site;
        this.disks = disks;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.leaveBytes = parameters.number("leave.kib", 0, 0, 64 << 10) << 10;
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        victims = site.roles().resolve(spec.target(), seed);
        for (LoopDisk disk : disks.of(victims)) {
            try {
                disk.leave(leaveBytes);
            } catch (IOException failure) {
                throw new FaultException("cannot fill " + disk.mountPoint(), failure);
            }
        }
        return victims;
    }

    @Override
    public String verify() {
        List<String> proofs = new ArrayList<>();
        for (LoopDisk disk : disks.of(victims)) {
            proofs.add(refusal(disk));
        }
        return String.join("; ", proofs);
    }

    /** How the disk refuses a file that is larger than what was left. */
    private String refusal(LoopDisk disk) {
        Path probe = disk.mountPoint().resolve(PROBE);
        try {
            try {
                Files.write(probe, new byte[Math.toIntExact(leaveBytes) + PROBE_BYTES]);
            } catch (IOException refused) {
                return disk.mountPoint() + " has " + disk.freeBytes() + " bytes left: " + refused.getMessage();
            } finally {
                Files.deleteIfExists(probe);
            }
            throw new FaultException(disk.mountPoint() + " took a file though it is full");
        } catch (IOException failure) {
            throw new FaultException("cannot look at " + disk.mountPoint(), failure);
        }
    }

    @Override
    public void disarm() {
        for (LoopDisk disk : disks.of(victims)) {
            try {
                disk.empty();
            } catch (IOException failure) {
                throw new FaultException("cannot empty " + disk.mountPoint(), failure);
            }
        }
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}

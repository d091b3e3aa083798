package io.flotilla.chaos.backend.netns;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * N13: the targets' disks have no more than {@code leave.kib}, 0 to 65,536, KiB left. A broker whose replica of the metadata
 * found no room ends by itself, perhaps only when there is room again; then it is started anew, as an operator would. Of all
 * others it is expected that they go on by themselves.
 */
final class FullDisk implements LingeringFault {
    private static final int PROBE_BYTES = 1 << 20;
    private static final String PROBE = "probe";
    private static final int FILLS_MAX = 10;
    private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STEADY = Duration.ofSeconds(3);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

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
        victims.forEach(site::excuse);
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

    /** How the disk refuses a file that is larger than what was left. What the broker gives back meanwhile is taken again. */
    private String refusal(LoopDisk disk) {
        try {
            for (int attempt = 0; attempt < FILLS_MAX; attempt++) {
                Optional<String> refusal = refusalNow(disk);
                if (refusal.isPresent()) {
                    return disk.mountPoint() + " has " + disk.freeBytes() + " bytes left: " + refusal.get();
                }
                disk.leave(leaveBytes);
            }
        } catch (IOException failure) {
            throw new FaultException("cannot look at " + disk.mountPoint(), failure);
        }
        throw new FaultException(disk.mountPoint() + " took a file " + FILLS_MAX + " times though it was full");
    }

    private Optional<String> refusalNow(LoopDisk disk) throws IOException {
        Path probe = disk.mountPoint().resolve(PROBE);
        try {
            Files.write(probe, new byte[Math.toIntExact(leaveBytes) + PROBE_BYTES]);
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        } finally {
            Files.deleteIfExists(probe);
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
        Map<Integer, Long> servingSinceNanos = new HashMap<>();
        long deadlineNanos = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
        while (!steady(servingSinceNanos) && System.nanoTime() - deadlineNanos < 0) {
            site.launch(victims);
            for (int id : victims) {
                if (serves(id)) {
                    servingSinceNanos.putIfAbsent(id, System.nanoTime());
                } else {
                    servingSinceNanos.remove(id);
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        victims.forEach(site::demand);
        site.launch(victims);
        site.awaitReady(victims);
    }

    /** Whether all replicas of a broker are open. */
    private boolean serves(int id) {
        List<ReplicaDescription> replicas = site.roles().replicas(id);
        return !replicas.isEmpty() && replicas.stream().noneMatch(replica -> replica.role() == ReplicaRole.FAILED);
    }

    private boolean steady(Map<Integer, Long> servingSinceNanos) {
        long now = System.nanoTime();
        return victims.stream().allMatch(id -> now - servingSinceNanos.getOrDefault(id, now) >= STEADY.toNanos());
    }
}

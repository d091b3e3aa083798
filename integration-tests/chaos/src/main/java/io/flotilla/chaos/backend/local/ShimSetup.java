package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.shim.Shim;
import io.flotilla.chaos.fault.shim.ShimFaults;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The shim of a cluster, if a fault needs it and this machine can make it. */
final class ShimSetup implements AutoCloseable {
    private static final Set<FaultId> FAULTS = Collections.unmodifiableSet(EnumSet.of(
            FaultId.SLOW_DISK,
            FaultId.FULL_DISK,
            FaultId.IO_ERROR,
            FaultId.LYING_DISK,
            FaultId.TORN_WRITE,
            FaultId.CLOCK));

    private final Optional<Shim> shim;
    private final String reason;

    private ShimSetup(Optional<Shim> shim, String reason) {
        this.shim = shim;
        this.reason = reason;
    }

    /** Makes it below the folder of the run, and has brokers start with it. */
    static ShimSetup make(LocalSettings settings, List<Integer> brokers, LocalPlacement placement) {
        if (Collections.disjoint(settings.enabled(), FAULTS)) {
            return new ShimSetup(Optional.empty(), "it was not enabled when the cluster was started");
        }
        try {
            Shim shim = Shim.make(settings.directory().resolve("shim"), brokers);
            brokers.forEach(
                    id -> shim.environment(id).forEach((variable, value) -> placement.set(id, variable, value)));
            return new ShimSetup(Optional.of(shim), "");
        } catch (IOException impossible) {
            return new ShimSetup(Optional.empty(), String.valueOf(impossible.getMessage()));
        }
    }

    void register(FaultRegistry registry, Site site) {
        shim.ifPresentOrElse(
                made -> ShimFaults.register(registry, site, made),
                () -> FAULTS.forEach(id -> registry.exclude(id, reason)));
    }

    @Override
    public void close() {
        shim.ifPresent(Shim::close);
    }
}

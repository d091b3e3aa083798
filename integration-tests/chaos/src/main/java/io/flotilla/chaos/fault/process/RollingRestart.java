package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * N22: one targeted broker after the other is ended by SIGTERM, started, and waited for; {@code gap.ms}, 0 to 30,000, lie
 * between the end of one and its start. Arming takes as long as all of that.
 */
public final class RollingRestart implements LingeringFault {
    private static final long GAP_MILLIS_MAX = 30_000;

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final long gapNanos;
    private final List<String> restarts = new ArrayList<>();
    private List<Integer> brokers = List.of();

    public RollingRestart(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.gapNanos = Duration.ofMillis(parameters.number("gap.ms", 0, 0, GAP_MILLIS_MAX))
                .toNanos();
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        brokers = site.roles().resolve(spec.target(), seed);
        for (int id : brokers) {
            ProcessIdentity earlier = ProcessIdentity.of(site.cluster().pid(id))
                    .orElseThrow(() -> new FaultException("broker " + id + " does not run; heal the cluster first"));
            try {
                site.cluster().stop(id);
            } catch (IllegalStateException unclean) {
                throw new FaultException(String.valueOf(unclean.getMessage()), unclean);
            }
            LockSupport.parkNanos(gapNanos);
            site.start(List.of(id));
            restarts.add("broker " + id + " " + earlier.pid() + " -> "
                    + site.cluster().pid(id));
        }
        return brokers;
    }

    @Override
    public String verify() {
        if (restarts.size() < brokers.size() || brokers.isEmpty()) {
            throw new FaultException("restarted were only " + restarts + " of " + Site.names(brokers));
        }
        return "ended with code 0 or 143, new processes: " + String.join(", ", restarts);
    }

    @Override
    public void disarm() {
        site.launch(brokers);
    }

    @Override
    public void settle() {
        site.awaitReady(brokers);
    }
}

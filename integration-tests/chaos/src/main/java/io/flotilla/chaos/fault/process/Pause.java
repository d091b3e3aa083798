package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * N3: SIGSTOP until the end. With {@code mode=strobe} the brokers stop and go on all the time, {@code stop.ms} and
 * {@code go.ms} long, each 10 to 10,000 and 100 by default.
 */
public final class Pause implements LingeringFault {
    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final boolean isStrobe;
    private final long stopMillis;
    private final long goMillis;
    private List<Integer> victims = List.of();
    private @Nullable Strobe strobe;

    public Pause(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.isStrobe = parameters.choice("mode", "once", "strobe").equals("strobe");
        this.stopMillis = parameters.number("stop.ms", 100, 10, 10_000);
        this.goMillis = parameters.number("go.ms", 100, 10, 10_000);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        victims = site.roles().resolve(spec.target(), seed);
        if (isStrobe) {
            strobe = Strobe.start(site, victims, stopMillis, goMillis);
        } else {
            victims.forEach(site.cluster()::pause);
        }
        return victims;
    }

    @Override
    public String verify() {
        Strobe running = strobe;
        if (running != null) {
            return running.proof();
        }
        for (int id : victims) {
            if (!site.isStopped(id)) {
                throw new FaultException("broker " + id + " is not stopped after SIGSTOP");
            }
        }
        return "state T of " + Site.names(victims);
    }

    @Override
    public void disarm() {
        Strobe running = strobe;
        if (running != null) {
            running.close();
        } else {
            victims.stream().filter(site.cluster()::isRunning).forEach(site.cluster()::resume);
        }
        site.launch(victims); // another fault may have struck them, too
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}

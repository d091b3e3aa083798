package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.ProcessIdentity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * N1: SIGKILL. With {@code restart.ms}, 0 to 20,000, the brokers are started that long after; otherwise at the end.
 */
public final class Kill implements LingeringFault {
    private static final int EXIT_CODE_OF_KILL = 128 + 9;
    private static final long RESTART_MILLIS_MAX = 20_000;
    private static final long AT_THE_END = -1;

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final long restartMillis;
    private final Map<Integer, ProcessIdentity> killed = new LinkedHashMap<>();

    public Kill(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.restartMillis = parameters.number("restart.ms", AT_THE_END, AT_THE_END, RESTART_MILLIS_MAX);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        for (int id : victims) {
            ProcessIdentity.of(site.cluster().pid(id)).ifPresent(process -> killed.put(id, process));
        }
        site.kill(victims);
        return victims;
    }

    @Override
    public String verify() {
        for (Map.Entry<Integer, ProcessIdentity> victim : killed.entrySet()) {
            if (victim.getValue().isAlive()) {
                throw new FaultException("process " + victim.getValue().pid() + " of broker " + victim.getKey()
                        + " lives after SIGKILL");
            }
            int code = site.cluster().awaitExit(victim.getKey());
            if (code != EXIT_CODE_OF_KILL) {
                throw new FaultException("broker " + victim.getKey() + " ended with code " + code + ", not "
                        + EXIT_CODE_OF_KILL + ", when it was killed");
            }
        }
        if (restartMillis != AT_THE_END) {
            LockSupport.parkNanos(Duration.ofMillis(restartMillis).toNanos());
            killed.keySet().stream().filter(id -> !site.cluster().isRunning(id)).forEach(site.cluster()::launch);
        }
        return "exit code " + EXIT_CODE_OF_KILL + " and no process "
                + killed.values().stream().map(ProcessIdentity::pid).toList();
    }

    @Override
    public void disarm() {
        site.launch(killed.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(killed.keySet());
    }
}

package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.ProcessIdentity;
import io.flotilla.cluster.Awaiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** N2: SIGTERM. The brokers end in order, and are started again at the end. */
public final class Terminate implements LingeringFault {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);
    /** Of a JVM whose shutdown hooks end well. */
    private static final List<Integer> EXIT_CODES = List.of(0, 128 + 15);

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final Map<Integer, ProcessIdentity> asked = new TreeMap<>();
    private long armedNanos;

    public Terminate(Site site, FaultSpec spec, long seed) {
        this.site = site;
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
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        armedNanos = System.nanoTime();
        for (int id : victims) {
            ProcessIdentity.of(site.cluster().pid(id)).ifPresent(process -> asked.put(id, process));
            site.cluster().expectExit(id);
            ProcessHandle.of(site.cluster().pid(id)).ifPresent(ProcessHandle::destroy);
        }
        return victims;
    }

    @Override
    public String verify() {
        List<Integer> victims = List.copyOf(asked.keySet());
        Site.await(
                END_TIMEOUT,
                Site.names(victims) + " to end after SIGTERM",
                () -> victims.stream().noneMatch(site.cluster()::isRunning),
                () -> Site.names(victims.stream()
                                .filter(site.cluster()::isRunning)
                                .toList()) + " run");
        long millis = Duration.ofNanos(System.nanoTime() - armedNanos).toMillis();
        SortedMap<Integer, Integer> codes = new TreeMap<>();
        victims.forEach(id -> codes.put(id, site.cluster().awaitExit(id)));
        codes.forEach((id, code) -> {
            if (!EXIT_CODES.contains(code)) {
                throw new FaultException(
                        "broker " + id + " ended with code " + code + " when asked to terminate; expected " + EXIT_CODES
                                + "\n" + site.cluster().log(id).tail());
            }
        });
        return "exit codes by broker " + codes + " within " + millis + " ms";
    }

    @Override
    public void disarm() {
        List<Integer> hanging = asked.entrySet().stream()
                .filter(victim -> !endsInTime(victim.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        site.kill(hanging);
        site.launch(asked.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(asked.keySet());
    }

    private static boolean endsInTime(ProcessIdentity process) {
        try {
            Awaiting.until(
                    END_TIMEOUT, "process " + process.pid() + " to end", () -> !process.isAlive(), () -> "it runs");
            return true;
        } catch (IllegalStateException hangs) {
            return false;
        }
    }
}

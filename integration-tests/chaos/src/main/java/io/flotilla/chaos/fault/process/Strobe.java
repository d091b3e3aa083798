package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.Repetition;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops processes and lets them go on, again and again.
 *
 * <p>Threading: as of the {@link Repetition} in it.
 */
final class Strobe implements AutoCloseable {
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(10);
    /** Stops that prove that it is a strobe. */
    private static final long PROOF = 3;

    private final List<ProcessIdentity> processes;
    private final AtomicLong stops = new AtomicLong();
    private final Repetition repetition;

    private Strobe(List<ProcessIdentity> processes, long stopMillis, long goMillis) {
        this.processes = processes;
        long stopNanos = TimeUnit.MILLISECONDS.toNanos(stopMillis);
        this.repetition = Repetition.start(() -> flash(stopNanos), Duration.ofMillis(goMillis));
    }

    /** Begins with the brokers' present processes. The caller closes the strobe. */
    static Strobe start(Site site, List<Integer> brokers, long stopMillis, long goMillis) {
        List<ProcessIdentity> processes = brokers.stream()
                .map(id -> ProcessIdentity.of(site.cluster().pid(id)))
                .flatMap(Optional::stream)
                .toList();
        return new Strobe(processes, stopMillis, goMillis);
    }

    private void flash(long stopNanos) {
        signal("STOP");
        if (processes.stream().anyMatch(Strobe::isStopped)) {
            stops.incrementAndGet();
        }
        LockSupport.parkNanos(stopNanos);
        signal("CONT");
    }

    private void signal(String name) {
        for (ProcessIdentity process : processes) {
            try {
                if (process.isAlive()) {
                    Site.signal(process.pid(), name);
                }
            } catch (FaultException endedMeanwhile) {
                // Another fault has killed it; the proof counts only those that were stopped.
            }
        }
    }

    private static boolean isStopped(ProcessIdentity process) {
        return ProcessIdentity.state(process.pid())
                .filter(state -> state == 'T')
                .isPresent();
    }

    /**
     * How often the processes have been stopped, once that is some times.
     *
     * @throws FaultException if that takes too long
     */
    String proof() {
        Site.await(PROOF_TIMEOUT, PROOF + " stops", () -> stops.get() >= PROOF, () -> stops.get() + " stops");
        return "state T " + stops.get() + " times";
    }

    /** Returns once all processes go on. May be called twice. */
    @Override
    public void close() {
        repetition.close();
        signal("CONT");
    }
}

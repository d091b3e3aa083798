package io.flotilla.chaos.fault;

import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.chaos.fault.journal.ProcessIdentity;
import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.ProcessCluster;
import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The cluster of processes that faults strike, with what they all need.
 *
 * @param cluster   that runs
 * @param roles     of its brokers
 * @param journal   of what has to be undone
 * @param directory of the run
 * @param excuses   shared by all faults
 * @param readyTimeout how long a started broker is waited for; it may need longer while another fault is armed, and that it
 *     comes to serve in the end is for the run to see, once all faults are over
 */
public record Site(
        ProcessCluster cluster, Roles roles, Journal journal, Path directory, Excuses excuses, Duration readyTimeout) {
    /** Nobody is excused yet. */
    public Site(ProcessCluster cluster, Roles roles, Journal journal, Path directory, Duration readyTimeout) {
        this(cluster, roles, journal, directory, new Excuses(), readyTimeout);
    }

    /** From now on, until {@link #demand}, the broker may end by itself, whenever it was started. */
    public void excuse(int id) {
        excuses.add(id);
        cluster.expectExit(id);
    }

    /** Takes back one excuse: the next life of the broker has to last. */
    public void demand(int id) {
        excuses.remove(id);
    }

    /** Starts those of the brokers that do not run, all at once, and waits for them for some time. */
    public void start(Collection<Integer> brokers) {
        launch(brokers);
        awaitReady(brokers);
    }

    /** Starts the processes of those of the brokers that do not run, without waiting. */
    public void launch(Collection<Integer> brokers) {
        for (int id : brokers) {
            if (!cluster.isRunning(id)) {
                cluster.launch(id);
                if (excuses.has(id)) {
                    cluster.expectExit(id);
                }
            }
        }
    }

    /**
     * Waits for brokers that were launched, for some time.
     *
     * @throws FaultException if one has ended again, unless it is excused
     */
    public void awaitReady(Collection<Integer> brokers) {
        Map<Integer, BooleanSupplier> starting = new LinkedHashMap<>();
        brokers.forEach(id -> starting.put(id, cluster.readiness(id)));
        long deadlineNanos = System.nanoTime() + readyTimeout.toNanos();
        while (!starting.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            starting.entrySet()
                    .removeIf(entry -> !cluster.isRunning(entry.getKey())
                            || entry.getValue().getAsBoolean());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        for (int id : brokers) {
            if (!cluster.isRunning(id) && !excuses.has(id)) {
                throw new FaultException("broker " + id + " did not stay up when it was started again: "
                        + cluster.log(id).tail());
            }
        }
    }

    /** SIGKILL to all of them before any is waited for. */
    public void kill(Collection<Integer> brokers) {
        for (int id : brokers) {
            if (cluster.isRunning(id)) {
                cluster.expectExit(id);
                ProcessHandle.of(cluster.pid(id)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        brokers.forEach(cluster::kill9);
    }

    /**
     * Sends a signal to a broker.
     *
     * @param name without {@code SIG}
     * @throws FaultException if the process is gone
     */
    public void signal(int id, String name) {
        signal(cluster.pid(id), name);
    }

    /** The same for a process known by its id. */
    public static void signal(long pid, String name) {
        try {
            SystemCommand.run("kill", "-" + name, Long.toString(pid));
        } catch (IOException gone) {
            throw new FaultException("cannot send SIG" + name + " to process " + pid, gone);
        }
    }

    /** @throws FaultException if the brokers are more than a minority of all, and the fault may not go beyond that */
    public void requireMinority(List<Integer> brokers, boolean beyond) {
        int all = cluster.brokerIds().size();
        if (!beyond && 2 * brokers.size() >= all) {
            throw new FaultException(names(brokers) + " of " + all
                    + " are no minority, so that records would be lost for good; set beyond=true if that is meant");
        }
    }

    /** Whether a broker's process is stopped now. */
    public boolean isStopped(int id) {
        return ProcessIdentity.state(cluster.pid(id))
                .filter(state -> state == 'T')
                .isPresent();
    }

    /**
     * Waits for a condition that proves something.
     *
     * @throws FaultException if it does not hold in time
     */
    public static void await(Duration timeout, String expectation, BooleanSupplier condition, Supplier<String> state) {
        try {
            Awaiting.until(timeout, expectation, condition, state);
        } catch (IllegalStateException unmet) {
            throw new FaultException(String.valueOf(unmet.getMessage()), unmet);
        }
    }

    /** The same as a list, for messages. */
    public static String names(List<Integer> brokers) {
        return (brokers.size() == 1 ? "broker " : "brokers ")
                + String.join(", ", brokers.stream().map(String::valueOf).toList());
    }
}

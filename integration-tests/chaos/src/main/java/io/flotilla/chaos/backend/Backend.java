package io.flotilla.chaos.backend;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A running cluster and the faults that are possible there. Whoever opens a backend closes it, which ends the cluster
 * unless it is an operator's, and leaves nothing behind.
 *
 * <p>Threading: one thread strikes; the queries may be called by any.
 */
public interface Backend extends AutoCloseable {
    /** {@code local}, {@code netns} or {@code remote}. */
    String name();

    /** The kinds of faults that are possible here, on this machine, with these rights. */
    Set<FaultId> faults();

    /**
     * Makes a fault ready; nothing happens yet.
     *
     * @param seed of what the order leaves open: which brokers, which bytes
     * @throws io.flotilla.chaos.fault.FaultException if the kind is not possible here or a parameter is wrong
     */
    Fault fault(FaultSpec spec, long seed);

    /** {@code host:port} of every broker, separated by commas, as a client of this harness reaches them. */
    String bootstrap();

    /** Node ids of all brokers. */
    List<Integer> nodes();

    /** Node ids of the brokers that run and are not paused, as far as this harness knows. */
    List<Integer> respondingNodes();

    /** {@code host:port} of a broker's client port. */
    String address(int node);

    /** {@code host:port} of a broker's metrics and health. */
    String httpAddress(int node);

    /** A broker's log; empty where it cannot be read. */
    Optional<Path> logFile(int node);

    /** A broker's data folder; empty where it cannot be read. */
    Optional<Path> dataDirectory(int node);

    /** A broker's process id; empty where it is not known, or the broker does not run. */
    Optional<Long> pid(int node);

    /** Exits of brokers that no fault explains, in words. */
    List<String> unexpectedExits();

    /** Stops all brokers in order, and starts them again; what a run does before it reads everything for the last time. */
    void restartAll();

    /** Stops all brokers so that their files can be read; false where that is not possible, and nothing was stopped. */
    boolean stopAll();

    @Override
    void close();
}

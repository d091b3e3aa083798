package io.flotilla.chaos.backend.local;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Roles;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.StandardFaults;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.chaos.plant.Failpoints;
import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster of processes on this machine, by default on its loopback address. If a fault of links may be asked for there,
 * brokers and clients reach brokers through proxies; this harness asks them directly.
 */
public final class LocalBackend implements Backend {
    private final ProcessCluster cluster;
    private final Ground ground;
    private final ShimSetup shim;
    private final Journal journal;
    private final List<Long> journaled;
    private final Roles roles;
    private final FaultRegistry registry;
    private final Site site;
    private boolean closed;

    private LocalBackend(
            ProcessCluster cluster,
            Ground ground,
            ShimSetup shim,
            Journal journal,
            List<Long> journaled,
            LocalSettings settings) {
        this.cluster = cluster;
        this.ground = ground;
        this.shim = shim;
        this.journal = journal;
        this.journaled = journaled;
        this.roles = new Roles(cluster);
        this.registry = new FaultRegistry();
        this.site = new Site(cluster, roles, journal, settings.directory(), settings.readyTimeout());
        StandardFaults.register(registry, site);
        shim.register(registry, site);
        ground.register(registry, site);
    }

    /**
     * Starts the brokers on empty or existing data folders and waits until all are ready.
     *
     * @throws IOException    if the folder of the run cannot be written
     * @throws FaultException if a broker does not become ready, with the last lines of its log
     */
    public static LocalBackend open(LocalSettings settings) throws IOException {
        return open(settings, journal -> new LoopbackGround(settings.enabled()));
    }

    /** The same with brokers that live elsewhere on this machine. */
    public static LocalBackend open(LocalSettings settings, Ground.Maker maker) throws IOException {
        Journal journal = Journal.open(settings.directory());
        try {
            return open(settings, maker.make(journal), journal);
        } catch (IOException | RuntimeException failure) {
            journal.close();
            throw failure;
        }
    }

    private static LocalBackend open(LocalSettings settings, Ground ground, Journal journal) throws IOException {
        try {
            var placement = new LocalPlacement(ground.placement(), journal, settings.directory());
            ProcessCluster cluster = ProcessCluster.prepare(
                    new ClusterSettings(
                            settings.brokers(), settings.directory(), settings.heapMib(), settings.overrides()),
                    placement);
            try {
                List<Long> journaled = cluster.brokerIds().stream()
                        .map(id -> journal.add(
                                Journal.PROCESS_FILE,
                                List.of(placement.processFile(id).toString()),
                                List.of()))
                        .toList();
                List<String> flags = new ArrayList<>(settings.jvmFlags());
                Optional<Failpoints> failpoints = failpoints(settings);
                failpoints.ifPresent(made -> flags.addAll(made.jvmFlags(Optional.empty())));
                if (!flags.isEmpty()) {
                    cluster.brokerIds().forEach(id -> placement.set(id, "JAVA_TOOL_OPTIONS", String.join(" ", flags)));
                }
                ground.prepared(cluster);
                ShimSetup shim = ShimSetup.make(settings, cluster.brokerIds(), placement);
                cluster.startAll();
                var backend = new LocalBackend(cluster, ground, shim, journal, journaled, settings);
                failpoints.ifPresent(made -> made.register(backend.registry, backend.site));
                EnumSet.allOf(FaultId.class).stream()
                        .filter(id -> !settings.enabled().contains(id))
                        .forEach(id -> backend.registry.exclude(id, "it was not enabled when the cluster was started"));
                return backend;
            } catch (IOException | RuntimeException failure) {
                closeQuietly(cluster);
                if (failure instanceof IllegalStateException) {
                    throw new FaultException("the cluster did not start: " + failure.getMessage(), failure);
                }
                throw failure;
            }
        } catch (IOException | RuntimeException failure) {
            ground.close();
            throw failure;
        }
    }

    /** None if brokers run under other rules already, as a JVM has one agent. */
    private static Optional<Failpoints> failpoints(LocalSettings settings) {
        boolean possible = settings.enabled().contains(FaultId.FAILPOINT)
                && settings.jvmFlags().stream().noneMatch(flag -> flag.startsWith("-javaagent:"));
        return possible ? Optional.of(new Failpoints(settings.directory())) : Optional.empty();
    }

    /** Kills the brokers. That one of them had ended before is no news: {@link #unexpectedExits} tells it. */
    private static void closeQuietly(ProcessCluster cluster) {
        try {
            cluster.close();
        } catch (IllegalStateException unexpectedExits) {
            // See above.
        }
    }

    /** The faults of this cluster: whoever has more kinds puts them in. */
    public FaultRegistry registry() {
        return registry;
    }

    /** What faults of this cluster need; for whoever puts more kinds in. */
    public Site site() {
        return site;
    }

    /** The processes themselves. */
    public ProcessCluster cluster() {
        return cluster;
    }

    @Override
    public String name() {
        return ground.name();
    }

    @Override
    public Set<FaultId> faults() {
        return registry.possible();
    }

    @Override
    public Fault fault(FaultSpec spec, long seed) {
        return registry.make(spec, seed);
    }

    @Override
    public String bootstrap() {
        return ground.bootstrap(cluster);
    }

    @Override
    public List<Integer> nodes() {
        return cluster.brokerIds();
    }

    @Override
    public List<Integer> respondingNodes() {
        return cluster.respondingIds();
    }

    @Override
    public String address(int node) {
        return cluster.address(node);
    }

    @Override
    public String httpAddress(int node) {
        return cluster.httpAddress(node);
    }

    @Override
    public Optional<Path> logFile(int node) {
        return Optional.of(cluster.log(node).file());
    }

    @Override
    public Optional<Path> dataDirectory(int node) {
        return Optional.of(cluster.dataDirectory(node));
    }

    @Override
    public Optional<Long> pid(int node) {
        return cluster.isRunning(node) ? Optional.of(cluster.pid(node)) : Optional.empty();
    }

    @Override
    public List<String> unexpectedExits() {
        return cluster.unexpectedExits();
    }

    @Override
    public void restartAll() {
        stopAll();
        try {
            cluster.startAll();
        } catch (IllegalStateException failure) {
            throw new FaultException("the cluster did not start again: " + failure.getMessage(), failure);
        }
    }

    @Override
    public boolean stopAll() {
        try {
            cluster.runningIds().forEach(cluster::stop);
        } catch (IllegalStateException failure) {
            throw new FaultException("a broker did not stop in order: " + failure.getMessage(), failure);
        }
        return true;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        roles.close();
        shim.close();
        closeQuietly(cluster);
        ground.close();
        journaled.forEach(journal::done);
        journal.close();
    }
}

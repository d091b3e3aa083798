package io.flotilla.chaos.backend.remote;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.chaos.net.NetworkFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An operator's cluster, which is neither started nor ended here. Brokers are killed, ended, paused and cut off from each
 * other by the operator's commands; everything else has to be allowed explicitly, too. What is armed stands in the journal
 * with the command that takes it back.
 */
public final class RemoteBackend implements Backend {
    /** The kinds that may be asked for without being allowed explicitly: they cost no data. */
    public static final Set<FaultId> SAFE = Collections.unmodifiableSet(EnumSet.of(
            FaultId.KILL,
            FaultId.TERMINATE,
            FaultId.PAUSE,
            FaultId.PARTITION,
            FaultId.PARTITION_ONE_WAY,
            FaultId.PARTIAL_PARTITION));

    private static final int ANSWER_MILLIS = 5_000;

    private final RemoteCluster cluster;
    private final Journal journal;
    private final FaultRegistry registry = new FaultRegistry();

    private RemoteBackend(RemoteCluster cluster, Journal journal, Set<FaultId> allowed) {
        this.cluster = cluster;
        this.journal = journal;
        NetworkFaults.register(registry, new RemoteLinks(cluster), cluster.roles()::resolve, true);
        for (FaultId id : FaultId.values()) {
            offer(id, allowed);
        }
    }

    /**
     * Makes sure that the cluster is the one that was confirmed.
     *
     * @param directory of the run, for the journal
     * @param allowed   kinds of faults besides the {@linkplain #SAFE safe} ones
     * @throws IOException    if the folder cannot be written
     * @throws FaultException if the cluster cannot be reached, or is another
     */
    public static RemoteBackend open(RemoteSettings settings, Path directory, Set<FaultId> allowed) throws IOException {
        Journal journal = Journal.open(directory);
        try {
            return new RemoteBackend(RemoteCluster.find(settings, journal), journal, allowed);
        } catch (RuntimeException failure) {
            journal.close();
            throw failure;
        }
    }

    private void offer(FaultId id, Set<FaultId> allowed) {
        if (!SAFE.contains(id) && !allowed.contains(id)) {
            registry.exclude(id, "on an operator's cluster it has to be allowed explicitly");
            return;
        }
        try {
            switch (id) {
                case KILL -> offer(id, new RemoteFault.Commands("kill", Optional.empty(), "start", true));
                case TERMINATE -> offer(id, new RemoteFault.Commands("terminate", Optional.empty(), "start", true));
                case PAUSE -> offer(id, new RemoteFault.Commands("pause", Optional.empty(), "resume", true));
                case PARTITION, PARTITION_ONE_WAY, PARTIAL_PARTITION, SWIZZLE -> requireLinkCommands();
                default ->
                    offer(
                            id,
                            new RemoteFault.Commands(
                                    id.name() + ".arm",
                                    Optional.of(id.name() + ".verify"),
                                    id.name() + ".disarm",
                                    false));
            }
        } catch (FaultException missing) {
            registry.exclude(id, String.valueOf(missing.getMessage()));
        }
    }

    private void offer(FaultId id, RemoteFault.Commands commands) {
        RemoteFault.requireCommands(cluster, commands);
        registry.put(id, (spec, seed) -> new RemoteFault(cluster, spec, seed, commands));
    }

    private void requireLinkCommands() {
        for (int node : cluster.nodes()) {
            for (String command : RemoteLinks.COMMANDS) {
                if (!cluster.broker(node).has(command)) {
                    throw new FaultException("broker " + node + " has no command." + command);
                }
            }
        }
    }

    @Override
    public String name() {
        return "remote";
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
        return cluster.settings().bootstrap();
    }

    @Override
    public List<Integer> nodes() {
        return cluster.nodes();
    }

    @Override
    public List<Integer> respondingNodes() {
        return cluster.respondingNodes();
    }

    @Override
    public String address(int node) {
        return cluster.broker(node).address();
    }

    /** Where the settings say; without that, nobody listens there. */
    @Override
    public String httpAddress(int node) {
        return cluster.settings()
                .http(node)
                .orElseGet(() -> cluster.broker(node).host() + ":0");
    }

    @Override
    public Optional<Path> logFile(int node) {
        return Optional.empty();
    }

    @Override
    public Optional<Path> dataDirectory(int node) {
        return Optional.empty();
    }

    @Override
    public Optional<Long> pid(int node) {
        return Optional.empty();
    }

    /** Of brokers that do not answer though no fault has silenced them. */
    @Override
    public List<String> unexpectedExits() {
        return cluster.respondingNodes().stream()
                .filter(node -> !cluster.broker(node).answers(ANSWER_MILLIS))
                .map(node -> "broker " + node + " does not answer at " + address(node))
                .toList();
    }

    /** Does nothing: an operator's brokers are not restarted for the sake of a last look. */
    @Override
    public void restartAll() {
        // See above.
    }

    @Override
    public boolean stopAll() {
        return false;
    }

    /** Leaves the cluster to its operator. May be called twice. */
    @Override
    public void close() {
        cluster.close();
        journal.close();
    }

    /**
     * Kinds of faults by their names, separated by commas.
     *
     * @throws FaultException if there is no such kind
     */
    public static Set<FaultId> kinds(String names) {
        Set<FaultId> kinds = EnumSet.noneOf(FaultId.class);
        for (String name : names.split(",")) {
            if (!name.isBlank()) {
                kinds.add(Arrays.stream(FaultId.values())
                        .filter(id -> id.name().equalsIgnoreCase(name.strip())
                                || id.code().equalsIgnoreCase(name.strip()))
                        .findFirst()
                        .orElseThrow(() -> new FaultException("'" + name.strip() + "' is no kind of fault; there are "
                                + Arrays.toString(FaultId.values()))));
            }
        }
        return kinds;
    }
}

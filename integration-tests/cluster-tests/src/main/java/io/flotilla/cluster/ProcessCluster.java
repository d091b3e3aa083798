package io.flotilla.cluster;

import io.flotilla.broker.ports.FreePorts;
import io.flotilla.client.FlotillaClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of broker processes on this machine, by default on its loopback address: each its own JVM, started as in
 * production.
 *
 * <p>Whoever starts a cluster closes it. A JVM that ends without closing takes its brokers with it by a shutdown hook,
 * unless they were {@linkplain #leaveRunning() left running} on purpose. Only processes started here are signalled.
 *
 * <p>Threading: one thread drives a cluster; what does not change it may be asked by any.
 */
public final class ProcessCluster implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
    private static final int PORTS_PER_BROKER = 3;

    private final ClusterSettings settings;
    private final SortedMap<Integer, BrokerHome> homes;
    private final Map<Integer, BrokerProcess> processes = new ConcurrentHashMap<>();
    private final Set<Integer> paused = ConcurrentHashMap.newKeySet();
    private final List<String> unexpectedExits = new CopyOnWriteArrayList<>();
    private final Thread killer = new Thread(this::killAll, "kill-brokers");
    private @Nullable FlotillaClient client;
    private boolean closed;

    private ProcessCluster(ClusterSettings settings, SortedMap<Integer, BrokerHome> homes) {
        this.settings = settings;
        this.homes = homes;
    }

    /**
     * Starts all brokers on empty or existing data folders and waits until every one of them is ready.
     *
     * @throws IOException           if the folders cannot be written
     * @throws IllegalStateException if a broker does not become ready; the message ends with the last lines of its log
     */
    public static ProcessCluster start(ClusterSettings settings) throws IOException {
        return start(settings, Placement.LOOPBACK);
    }

    /** The same with brokers that live elsewhere. The placement stays the caller's, and outlives the cluster. */
    public static ProcessCluster start(ClusterSettings settings, Placement placement) throws IOException {
        ProcessCluster cluster = prepare(settings, placement);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException failure) {
            cluster.killAll();
            cluster.forgetHook();
            throw failure;
        }
    }

    /** Makes folders and configuration files, and starts nothing; for brokers that are to be started one by one. */
    public static ProcessCluster prepare(ClusterSettings settings) throws IOException {
        return prepare(settings, Placement.LOOPBACK);
    }

    /** The same with brokers that live elsewhere. */
    public static ProcessCluster prepare(ClusterSettings settings, Placement placement) throws IOException {
        List<Integer> ports = FreePorts.ofProcess().find(PORTS_PER_BROKER * settings.brokers(), Set.of());
        SortedMap<Integer, BrokerHome> homes = new TreeMap<>();
        for (int id = 1; id <= settings.brokers(); id++) {
            Path directory = settings.directory().resolve("broker-" + id);
            int first = PORTS_PER_BROKER * (id - 1);
            homes.put(
                    id,
                    new BrokerHome(
                            id, directory, placement, ports.get(first), ports.get(first + 1), ports.get(first + 2)));
        }
        String seeds = homes.values().stream()
                .limit(settings.seeds())
                .map(home -> home.id() + "@" + home.grpcAddress())
                .collect(Collectors.joining(","));
        for (BrokerHome home : homes.values()) {
            home.prepare(seeds, settings.overrides());
        }
        var cluster = new ProcessCluster(settings, homes);
        Runtime.getRuntime().addShutdownHook(cluster.killer);
        return cluster;
    }

    /** Node ids of all brokers, running or not. */
    public List<Integer> brokerIds() {
        return List.copyOf(homes.keySet());
    }

    /** Node ids of the brokers whose processes are running, paused ones included. */
    public List<Integer> runningIds() {
        return homes.keySet().stream().filter(this::isRunning).toList();
    }

    /** Node ids of the brokers that run and are not paused. */
    public List<Integer> respondingIds() {
        return runningIds().stream().filter(id -> !paused.contains(id)).toList();
    }

    public boolean isRunning(int id) {
        BrokerProcess process = processes.get(id);
        return process != null && process.isRunning();
    }

    /** {@code host:port} of every broker, separated by commas: what a client needs to connect. */
    public String bootstrap() {
        return homes.values().stream().map(BrokerHome::grpcAddress).collect(Collectors.joining(","));
    }

    /** {@code host:port} of one broker's client port. */
    public String address(int id) {
        return home(id).grpcAddress();
    }

    /** {@code host:port} at which one broker shows its metrics and its health. */
    public String httpAddress(int id) {
        return home(id).httpAddress();
    }

    public Path dataDirectory(int id) {
        return home(id).dataDirectory();
    }

    public Path configFile(int id) {
        return home(id).configFile();
    }

    public BrokerLog log(int id) {
        return home(id).log();
    }

    /** Process id of a broker that was started. */
    public long pid(int id) {
        return process(id).pid();
    }

    /** Starts all brokers that do not run, and waits until they are ready. */
    public void startAll() {
        List<Integer> stopped =
                homes.keySet().stream().filter(id -> !isRunning(id)).toList();
        stopped.forEach(this::launch);
        stopped.forEach(this::awaitReady);
    }

    /** Starts one broker and waits until it is ready. */
    public void start(int id) {
        launch(id);
        awaitReady(id);
    }

    /** Starts one broker's process without waiting. */
    public void launch(int id) {
        if (isRunning(id)) {
            throw new IllegalStateException("broker " + id + " runs already (pid " + pid(id) + ")");
        }
        noteUnexpectedExit(processes.get(id));
        processes.put(id, BrokerProcess.start(id, home(id).command(settings.heapMib()), log(id)));
    }

    /**
     * Waits until a broker has said that it is ready.
     *
     * @throws IllegalStateException if it ends instead, or not in time
     */
    public void awaitReady(int id) {
        BrokerProcess process = process(id);
        LineWatch readiness = process.watchFor("broker ready node=" + id + " ");
        Awaiting.until(
                READY_TIMEOUT,
                "broker " + id + " to be ready",
                () -> {
                    process.unexpectedExit().ifPresent(exit -> {
                        throw new IllegalStateException(exit);
                    });
                    return readiness.seen();
                },
                () -> "no such line in its log\n" + log(id).tail());
    }

    /** Tells whether the broker's latest life has said that it is ready; to be asked again and again. */
    public BooleanSupplier readiness(int id) {
        return process(id).watchFor("broker ready node=" + id + " ")::seen;
    }

    /** Waits for a broker to end by itself, as one that cannot start does, and returns its exit code. */
    public int awaitExit(int id) {
        return process(id).awaitOwnExit();
    }

    /** From now on this life of the broker may end by itself, as when its disk is taken away. */
    public void expectExit(int id) {
        process(id).expectExit();
    }

    /** SIGKILL; returns once the process is gone. */
    public void kill9(int id) {
        process(id).kill();
        paused.remove(id);
    }

    /** SIGKILL to all running brokers before any of them is waited for. */
    public void killAll9() {
        List<Integer> running = runningIds();
        running.forEach(id -> process(id).killIfRunning());
        running.forEach(this::kill9);
    }

    /** SIGTERM; returns once the process has ended by itself. */
    public void stop(int id) {
        process(id).terminate();
    }

    /** SIGSTOP: the process keeps its sockets and its locks, and does nothing. */
    public void pause(int id) {
        process(id).pause();
        paused.add(id);
    }

    /** SIGCONT. */
    public void resume(int id) {
        process(id).resume();
        paused.remove(id);
    }

    /** A client of this cluster, made at the first call; it lives as long as the cluster. */
    public synchronized FlotillaClient client() {
        if (client == null) {
            client = FlotillaClient.connect(bootstrap());
        }
        return client;
    }

    /** Who leads what, as the running brokers say. */
    public Leaders leaders() {
        return new Leaders(this);
    }

    /** Exits nobody asked for, each with the broker's last words. */
    public List<String> unexpectedExits() {
        List<String> exits = new ArrayList<>(unexpectedExits);
        processes.values().forEach(process -> process.unexpectedExit().ifPresent(exits::add));
        return exits;
    }

    /** Hands the brokers over to the user: neither {@link #close} nor the end of this JVM stops them any more. */
    public void leaveRunning() {
        closed = true;
        closeClient();
        forgetHook();
    }

    /**
     * Kills all brokers. May be called twice.
     *
     * @throws IllegalStateException if a broker had ended though nobody asked it to
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeClient();
        List<String> exits = unexpectedExits();
        processes.values().forEach(BrokerProcess::kill);
        forgetHook();
        if (!exits.isEmpty()) {
            throw new IllegalStateException(String.join("\n", exits));
        }
    }

    private synchronized void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    private void noteUnexpectedExit(@Nullable BrokerProcess earlier) {
        Optional.ofNullable(earlier).flatMap(BrokerProcess::unexpectedExit).ifPresent(unexpectedExits::add);
    }

    private void killAll() {
        processes.values().forEach(BrokerProcess::killIfRunning);
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs, or is about to: it kills what is left.
        }
    }

    private BrokerHome home(int id) {
        BrokerHome home = homes.get(id);
        if (home == null) {
            throw new IllegalArgumentException("no broker has the id " + id + ", there are " + homes.keySet());
        }
        return home;
    }

    private BrokerProcess process(int id) {
        BrokerProcess process = processes.get(home(id).id());
        if (process == null) {
            throw new IllegalStateException("broker " + id + " was never started");
        }
        return process;
    }
}

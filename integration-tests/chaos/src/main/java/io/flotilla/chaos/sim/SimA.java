package io.flotilla.chaos.sim;

import io.flotilla.cluster.Awaiting;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.ratis.simulation.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One partition's short life under the plan of one seed, and what must be true at its end.
 *
 * <p>Threading: {@link #run} may be called by several threads at a time, each for a seed of its own.
 */
public final class SimA {
    /** From healing until the partition takes values, and from then until all replicas are equal. */
    static final Duration RECOVERY_MAX = Duration.ofSeconds(30);

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final int IDEMPOTENT_PRODUCERS = 2;
    private static final Duration CLIENTS_END_MAX = Duration.ofSeconds(10);

    private final SimPlan plan;
    private final SimCluster cluster;
    private final SimHistory history = new SimHistory();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final SimReader reader;

    private SimA(SimPlan plan, SimCluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        this.reader = new SimReader(plan, cluster, history);
    }

    /** Runs the plan of a seed, in memory where the system has a file system there. */
    public static SimResult run(long seed) {
        return run(SimPlan.of(seed), SimHooks.NONE);
    }

    /** The same with another plan, or with something wrong. A run that breaks off has violated something. */
    static SimResult run(SimPlan plan, SimHooks hooks) {
        long startNanos = System.nanoTime();
        try {
            Path directory = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "sim-a-")
                    : Files.createTempDirectory("sim-a-");
            try (SimCluster cluster = SimCluster.start(plan, directory, hooks)) {
                return new SimA(plan, cluster).live(startNanos);
            } finally {
                DirectoryTree.delete(directory);
            }
        } catch (IOException | RuntimeException failure) {
            Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
            return new SimResult(plan, 0, 0, 0, Duration.ZERO, took, List.of("it broke off: " + failure));
        }
    }

    private SimResult live(long startNanos) throws IOException {
        Duration recovery = Duration.ZERO;
        List<SimJudge.NodeLog> logs = new ArrayList<>();
        SimProducer prober = new SimProducer(0, true, plan, cluster, history);
        List<Thread> clients = startClients();
        try {
            awaitValue(prober, "the first value");
            for (SimPlan.Step step : plan.steps()) {
                carryOut(step);
                cluster.repairAll();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(step.pauseMillis()));
            }
            cluster.setAll(Faults.NONE);
            cluster.startAll();
            long healedNanos = System.nanoTime();
            awaitValue(prober, "a value after healing");
            recovery = Duration.ofNanos(System.nanoTime() - healedNanos);
            end(clients);
            // What nobody knows the outcome of yet comes before the last value, or never.
            awaitValue(prober, "the last value");
            awaitEqualReplicas();
            for (SimNode node : cluster.nodes()) {
                logs.add(reader.logOf(
                        node, offset -> history.violated("node " + node.number() + " has a hole before " + offset)));
            }
            SimCluster.end(cluster.nodes(), false);
            SimSegments.differences(cluster.nodes()).forEach(history::violated);
        } catch (IllegalStateException stuck) {
            history.violated(String.valueOf(stuck.getMessage()));
        } finally {
            end(clients);
        }
        SimHistory.Facts facts = history.facts();
        return new SimResult(
                plan,
                facts.acknowledged().size(),
                facts.read().size(),
                history.terms(),
                recovery,
                Duration.ofNanos(System.nanoTime() - startNanos),
                SimJudge.judge(facts, logs));
    }

    private List<Thread> startClients() {
        List<Thread> clients = new ArrayList<>();
        for (int number = 1; number <= IDEMPOTENT_PRODUCERS + 1; number++) {
            SimProducer producer = new SimProducer(number, number <= IDEMPOTENT_PRODUCERS, plan, cluster, history);
            clients.add(new Thread(() -> producer.run(ended::get), "sim-producer-" + number));
        }
        clients.add(new Thread(() -> reader.run(ended::get), "sim-reader"));
        for (Thread client : clients) {
            client.setUncaughtExceptionHandler(
                    (thread, failure) -> history.violated(thread.getName() + " broke off: " + failure));
            client.start();
        }
        return clients;
    }

    private void end(List<Thread> clients) {
        ended.set(true);
        for (Thread client : clients) {
            try {
                client.join(CLIENTS_END_MAX.toMillis());
                if (client.isAlive()) {
                    history.violated(client.getName() + " is stuck in " + client.getStackTrace()[0]);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void carryOut(SimPlan.Step step) throws IOException {
        SimNode node = cluster.node(step.node());
        switch (step.action()) {
            case KILL -> node.end(true);
            case KILL_LEADER -> cluster.readyLeader().ifPresent(leader -> leader.end(true));
            case KILL_ALL -> SimCluster.end(cluster.nodes(), true);
            case STOP -> node.end(false);
            case RESTART -> cluster.startAll();
            case WIPE -> {
                boolean unused = cluster.wipe(node);
            }
            case CUT -> cluster.setAround(step.node(), true, true, Faults.CUT);
            case CUT_LEADER -> aroundLeader(true);
            case MUTE -> cluster.setAround(step.node(), true, false, Faults.CUT);
            case MUTE_LEADER -> aroundLeader(false);
            case DEAFEN -> cluster.setAround(step.node(), false, true, Faults.CUT);
            case CUT_PAIR -> {
                cluster.set(step.node(), step.other(), Faults.CUT);
                cluster.set(step.other(), step.node(), Faults.CUT);
            }
            case NOISE -> cluster.setAll(step.faults());
            case RESET -> cluster.reset(step.node());
            case HEAL -> cluster.setAll(Faults.NONE);
            case HAND_OVER ->
                cluster.readyLeader().flatMap(SimNode::replica).ifPresent(leader -> leader.transferLeadership(
                                node.peerId())
                        .exceptionally(refused -> null));
            case CHECKPOINT -> node.checkpoint();
            case TRIM -> cluster.readyLeader().flatMap(SimNode::replica).ifPresent(this::trim);
        }
    }

    private void aroundLeader(boolean in) {
        cluster.readyLeader().ifPresent(leader -> cluster.setAround(leader.number(), true, in, Faults.CUT));
    }

    private void trim(Partition leader) {
        long start = leader.logStartOffset();
        long offset = start + (leader.highWatermark() - start) / 3;
        history.trimming(offset);
        leader.advanceLogStart(offset).exceptionally(refused -> start);
    }

    private void awaitValue(SimProducer prober, String what) {
        long deadlineNanos = System.nanoTime() + RECOVERY_MAX.toNanos();
        if (!prober.send(() -> {
            cluster.repairAll();
            return System.nanoTime() - deadlineNanos > 0;
        })) {
            throw new IllegalStateException(
                    "waited " + RECOVERY_MAX.toSeconds() + " s for " + what + "; instead: " + state());
        }
    }

    private void awaitEqualReplicas() {
        Awaiting.until(
                RECOVERY_MAX,
                "equal replicas",
                () -> {
                    cluster.repairAll();
                    return history.isViolated() || (cluster.allRejoined() && areEqual());
                },
                this::state);
    }

    private boolean areEqual() {
        List<Partition> replicas = cluster.nodes().stream()
                .flatMap(node -> node.replica().stream())
                .toList();
        return replicas.size() == plan.nodes()
                && replicas.stream()
                        .allMatch(replica -> replica.failure().isEmpty()
                                && replica.leadership().role() != Leadership.Role.STOPPED
                                && replica.highWatermark() == replicas.get(0).highWatermark()
                                && replica.logStartOffset() == replicas.get(0).logStartOffset()
                                && replica.appliedIndex() == replicas.get(0).appliedIndex());
    }

    private String state() {
        return cluster.nodes().stream()
                .map(node -> node.number() + ": "
                        + node.replica()
                                .map(replica -> replica.leadership() + " from " + replica.logStartOffset() + " to "
                                        + replica.highWatermark() + " failure " + replica.failure())
                                .orElse("no replica"))
                .toList()
                .toString();
    }
}

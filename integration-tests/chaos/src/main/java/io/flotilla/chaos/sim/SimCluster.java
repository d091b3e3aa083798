package io.flotilla.chaos.sim;

import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.ratis.simulation.Faults;
import io.flotilla.raftlog.raft.ratis.simulation.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The nodes of one simulation and the network between them.
 *
 * <p>Threading: the schedule's thread changes it; all others may ask.
 */
final class SimCluster implements AutoCloseable {
    private final Router router;
    private final SimHooks hooks;
    private final List<SimNode> nodes;
    private final Set<Integer> rejoining = ConcurrentHashMap.newKeySet();
    private final Set<Direction> cuts = ConcurrentHashMap.newKeySet();

    private record Direction(int from, int to) {}

    private SimCluster(SimPlan plan, Path directory, SimHooks hooks) {
        this.router = new Router(plan.seed());
        this.hooks = hooks;
        this.nodes = IntStream.rangeClosed(1, plan.nodes())
                .mapToObj(number -> new SimNode(number, directory, this))
                .toList();
    }

    /** Starts all nodes over an empty folder and makes the partition. */
    static SimCluster start(SimPlan plan, Path directory, SimHooks hooks) throws IOException {
        SimCluster cluster = new SimCluster(plan, directory, hooks);
        try {
            for (SimNode node : cluster.nodes) {
                node.start();
            }
            List<Peer> founders = cluster.nodes.stream().map(SimNode::peer).toList();
            for (SimNode node : cluster.nodes) {
                node.create(founders);
            }
            return cluster;
        } catch (Throwable failure) {
            cluster.close();
            throw failure;
        }
    }

    Router router() {
        return router;
    }

    SimHooks hooks() {
        return hooks;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(int number) {
        return nodes.get(number - 1);
    }

    /** Those that believe they lead, the newest term first. */
    List<SimNode> leaders() {
        return nodes.stream()
                .filter(node -> leadership(node).isLeader())
                .sorted(Comparator.comparingLong(
                                (SimNode node) -> leadership(node).term())
                        .reversed())
                .toList();
    }

    Optional<SimNode> readyLeader() {
        return leaders().stream().filter(node -> leadership(node).ready()).findFirst();
    }

    static Leadership leadership(SimNode node) {
        return node.replica().map(Partition::leadership).orElse(Leadership.UNKNOWN);
    }

    void set(int from, int to, Faults faults) {
        Direction direction = new Direction(from, to);
        if (faults.cut()) {
            cuts.add(direction);
        } else {
            cuts.remove(direction);
        }
        router.set(node(from).peerId(), node(to).peerId(), faults);
    }

    /** Both directions between a node and all others. */
    void setAround(int number, boolean out, boolean in, Faults faults) {
        for (SimNode other : nodes) {
            if (other.number() != number && out) {
                set(number, other.number(), faults);
            }
            if (other.number() != number && in) {
                set(other.number(), number, faults);
            }
        }
    }

    void setAll(Faults faults) {
        nodes.forEach(node -> setAround(node.number(), true, false, faults));
    }

    /** Whether something said on either side does not reach the other. */
    boolean isCut(int one, int other) {
        return cuts.contains(new Direction(one, other)) || cuts.contains(new Direction(other, one));
    }

    void reset(int number) {
        for (SimNode other : nodes) {
            if (other.number() != number) {
                router.reset(node(number).peerId(), other.peerId());
            }
        }
    }

    /** Starts those that have ended. */
    void startAll() throws IOException {
        for (SimNode node : nodes) {
            if (!node.isRunning()) {
                node.start();
            }
        }
    }

    /** Ends several nodes at the same time: each waits up to a second for its Raft log. */
    static void end(List<SimNode> ending, boolean killed) {
        List<Thread> threads = new ArrayList<>();
        for (SimNode node : ending) {
            Thread thread = new Thread(() -> node.end(killed), "sim-end-" + node.number());
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empties a node's disk and has it join anew; not while another copy is missing. */
    boolean wipe(SimNode node) throws IOException {
        if (!rejoining.isEmpty()) {
            return false;
        }
        rejoining.add(node.number());
        node.end(true);
        setAround(node.number(), true, true, Faults.NONE); // faults are set by the peer's name, which changes
        node.wipe();
        node.start();
        node.join();
        return true;
    }

    void rejoined(int number) {
        rejoining.remove(number);
    }

    /** Whether each node whose disk was emptied is a voter again. */
    boolean allRejoined() {
        return rejoining.isEmpty();
    }

    void repairAll() {
        nodes.forEach(SimNode::repair);
    }

    @Override
    public void close() {
        try {
            end(nodes, false);
        } finally {
            router.close();
        }
    }
}

package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import io.flotilla.raftlog.raft.ratis.simulation.Faults.Fate;
import io.flotilla.raftlog.raft.ratis.transport.Message;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * The network between the wires of one process. Delivers at once and in order, unless a path has {@link Faults}: then
 * the seed decides what happens to its n-th message. A heartbeat of many groups is taken apart, so that each group has
 * its own faults.
 *
 * <p>Threading: safe for all threads; one thread of its own delivers everything.
 */
public final class Router implements AutoCloseable {
    /** Messages on their way over all paths; what is sent beyond it is refused. */
    private static final int ON_THEIR_WAY_MAX = 100_000;

    private final long seed;
    private final ScheduledThreadPoolExecutor delivery = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "router");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<RaftPeerId, MemoryWire> wires = new ConcurrentHashMap<>();
    private final Map<Route, Faults> faults = new ConcurrentHashMap<>();
    private final Map<Route, RouteState> paths = new ConcurrentHashMap<>();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    public Router(long seed) {
        this.seed = seed;
        delivery.setRemoveOnCancelPolicy(true);
        delivery.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Makes a host on this network, as {@link RatisHost#open(RaftSettings, PeerId, ReplicatedStateFactory)}. At its
     * address nobody listens.
     */
    public RatisHost open(RaftSettings settings, PeerId self, ReplicatedStateFactory states) throws IOException {
        return RatisHost.open(settings, self, states, this::wire);
    }

    /** Makes the wire of one server; the server owns it. */
    public Wire wire(RaftPeerId self) {
        return new MemoryWire(self, this);
    }

    /** Faults of a path from now on; a group's own take the place of those of all groups. */
    public void set(Route path, Faults wanted) {
        if (wanted.equals(Faults.NONE)) {
            faults.remove(path);
        } else {
            faults.put(path, wanted);
        }
    }

    /** Faults of all messages of one direction between two hosts from now on. */
    public void set(PeerId from, PeerId to, Faults wanted) {
        set(Route.ofAll(RaftPeerId.valueOf(from.value()), RaftPeerId.valueOf(to.value())), wanted);
    }

    /** Breaks the connections between two servers, as a reset does. They are at once up again. */
    public void reset(RaftPeerId one, RaftPeerId other) {
        MemoryWire first = wires.get(one);
        MemoryWire second = wires.get(other);
        if (first != null && second != null) {
            first.lost(other);
            second.lost(one);
            first.connected(other);
            second.connected(one);
        }
    }

    /** The same, by the names of hosts. */
    public void reset(PeerId one, PeerId other) {
        reset(RaftPeerId.valueOf(one.value()), RaftPeerId.valueOf(other.value()));
    }

    public long delivered() {
        return delivered.get();
    }

    /** Messages that did not arrive: dropped, cut, or sent to a server that was gone or did not admit them. */
    public long lost() {
        return lost.get();
    }

    boolean isUp(RaftPeerId server) {
        return wires.containsKey(server);
    }

    void started(MemoryWire wire) {
        wires.put(wire.self(), wire);
        for (MemoryWire other : wires.values()) {
            if (other != wire) {
                other.connected(wire.self());
                wire.connected(other.self());
            }
        }
    }

    void closed(MemoryWire wire) {
        if (wires.remove(wire.self(), wire)) {
            wires.values().forEach(other -> other.lost(wire.self()));
        }
    }

    boolean send(RaftPeerId from, RaftPeerId to, Message message) {
        if (!isUp(to) || delivery.getQueue().size() >= ON_THEIR_WAY_MAX) {
            return false;
        }
        if (faults.isEmpty()) {
            // Still behind those that a fault holds back, if the path has any.
            pathOf(new Route(from, to, message.group())).deliver(from, to, message, Fate.ARRIVES);
            return true;
        }
        if (!message.kind().isOfMany()) {
            Route path = new Route(from, to, message.group());
            pathOf(path).deliver(from, to, message, pathOf(path).next(faultsOf(path)));
            return true;
        }
        List<MessageLite> together = new ArrayList<>();
        for (MessageLite part : message.parts()) {
            Route path = new Route(from, to, Groups.groupOf(message, part));
            Faults wanted = faultsOf(path);
            if (wanted.equals(Faults.NONE)) {
                together.add(part);
            } else {
                Message alone = Message.ofMany(message.kind(), message.call(), List.of(part));
                pathOf(path).deliver(from, to, alone, pathOf(path).next(wanted));
            }
        }
        if (!together.isEmpty()) {
            Message rest = Message.ofMany(message.kind(), message.call(), together);
            pathOf(new Route(from, to, Message.MANY_GROUPS)).deliver(from, to, rest, Fate.ARRIVES);
        }
        return true;
    }

    private Faults faultsOf(Route path) {
        Faults ofGroup = faults.get(path);
        return ofGroup != null ? ofGroup : faults.getOrDefault(path.toAll(), Faults.NONE);
    }

    private RouteState pathOf(Route path) {
        return paths.computeIfAbsent(path, RouteState::new);
    }

    /** How many messages a path has seen, and until when those in order are delivered. */
    private final class RouteState {
        private final long pathSeed;
        private final AtomicLong count = new AtomicLong();
        private long newestNanos = System.nanoTime();

        RouteState(Route path) {
            pathSeed = path.seed(seed);
        }

        Fate next(Faults wanted) {
            return wanted.equals(Faults.NONE)
                    ? Fate.ARRIVES
                    : wanted.fate(new SplittableRandom(pathSeed + count.incrementAndGet()));
        }

        synchronized void deliver(RaftPeerId from, RaftPeerId to, Message message, Fate fate) {
            if (fate.dropped()) {
                lost.incrementAndGet();
                return;
            }
            long delayNanos = TimeUnit.MILLISECONDS.toNanos(fate.delayMillis());
            if (fate.ordered()) {
                delayNanos = Math.max(delayNanos, newestNanos - System.nanoTime());
            }
            schedule(from, to, message, delayNanos);
            if (fate.ordered()) {
                // Measured after: whatever comes next on this path is due no earlier.
                newestNanos = System.nanoTime() + delayNanos;
            }
            if (fate.secondDelayMillis() >= 0) {
                schedule(from, to, message, TimeUnit.MILLISECONDS.toNanos(fate.secondDelayMillis()));
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a message that fails is lost, as on any network
    private void schedule(RaftPeerId from, RaftPeerId to, Message message, long delayNanos) {
        try {
            delivery.schedule(() -> arrive(from, to, message), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            lost.incrementAndGet();
        }
    }

    private void arrive(RaftPeerId from, RaftPeerId to, Message message) {
        MemoryWire wire = wires.get(to);
        if (wire != null && wire.take(from, message)) {
            delivered.incrementAndGet();
        } else {
            lost.incrementAndGet();
        }
    }

    @Override
    public void close() {
        delivery.shutdownNow();
    }
}

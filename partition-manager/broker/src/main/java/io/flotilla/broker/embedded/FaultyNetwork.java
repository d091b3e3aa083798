package io.flotilla.broker.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.broker.network.BrokerNetwork;
import io.flotilla.broker.network.WatchedLoops;
import io.flotilla.raftlog.link.Link;
import io.flotilla.raftlog.link.LinkWatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Every connection of an embedded cluster's brokers, and the faults that are put on them.
 *
 * <p>The broker at the other end of a connection that was opened here follows from the port it was opened to; of one that was
 * accepted here, from the broker's end of it that has the port it came from, and it is a client's if there is none.
 *
 * <p>Threading: every method may be called by any thread.
 */
final class FaultyNetwork implements AutoCloseable {
    private static final int THREADS = 2;

    private final IntFunction<OptionalInt> brokerAtPort;
    private final WatchedLoops loops = new WatchedLoops(THREADS);
    private final Object lock = new Object();

    /** Each end with the broker whose it is. */
    @GuardedBy("lock")
    private final Map<Link, Integer> links = new LinkedHashMap<>();

    @GuardedBy("lock")
    private NetworkFaults faults = NetworkFaults.NONE;

    /** @param brokerAtPort which broker listens on a port; empty if none does */
    FaultyNetwork(IntFunction<OptionalInt> brokerAtPort) {
        this.brokerAtPort = brokerAtPort;
    }

    BrokerNetwork of(int broker) {
        return loops.watchedBy(new LinkWatch() {
            @Override
            public void opened(Link link) {
                synchronized (lock) {
                    links.put(link, broker);
                    apply(); // the link tells whose the other end is
                }
            }

            @Override
            public void closed(Link link) {
                synchronized (lock) {
                    links.remove(link);
                }
            }
        });
    }

    void change(UnaryOperator<NetworkFaults> change) {
        synchronized (lock) {
            faults = change.apply(faults);
            apply();
        }
    }

    @GuardedBy("lock")
    private void apply() {
        links.forEach((link, broker) -> {
            switch (faults.of(broker, otherEnd(link))) {
                case OPEN -> link.release();
                case HELD -> link.hold();
                case RESET -> link.reset();
            }
        });
    }

    @GuardedBy("lock")
    private OptionalInt otherEnd(Link link) {
        if (link.isDialed()) {
            return brokerAtPort.apply(link.remotePort());
        }
        return links.entrySet().stream()
                .filter(other -> other.getKey().isDialed() && other.getKey().localPort() == link.remotePort())
                .mapToInt(Map.Entry::getValue)
                .findFirst();
    }

    @Override
    public void close() {
        loops.close();
    }
}

package io.flotilla.chaos.backend.netns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.chaos.backend.netns.NamespaceFilter.Chain;
import io.flotilla.chaos.backend.netns.PacketFilter.Counter;
import io.flotilla.chaos.net.LinkCounters;
import io.flotilla.chaos.net.LinkRule;
import io.flotilla.chaos.net.Links;
import io.flotilla.cluster.BrokerNetworks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The links between namespaces, as the kernel's packet filters let packets through. A link is filtered where it ends; one
 * that ends at clients, where it begins.
 */
final class NetnsLinks implements Links, AutoCloseable {
    private static final String TO_CLIENTS = "toclients";
    /** Beyond any node id, which numbers the queue of a broker. */
    private static final int FROM_CLIENTS_QUEUE = 1_000;

    private static final int TO_CLIENTS_QUEUE = 1_001;

    private final BrokerNetworks networks;
    private final SortedMap<Integer, Integer> grpcPorts;
    private final SortedMap<Integer, NamespaceFilter> filters = new TreeMap<>();

    @GuardedBy("this")
    private final Map<List<Integer>, LinkRule> rules = new HashMap<>();

    @GuardedBy("this")
    private final Map<List<Integer>, Long> resets = new HashMap<>();

    private NetnsLinks(BrokerNetworks networks, SortedMap<Integer, Integer> grpcPorts) {
        this.networks = networks;
        this.grpcPorts = grpcPorts;
    }

    /**
     * Tells the filters of all namespaces. The caller closes the links before the networks, which stay its own.
     *
     * @param grpcPorts     by broker
     * @param internalPorts the same
     */
    static NetnsLinks make(
            BrokerNetworks networks, SortedMap<Integer, Integer> grpcPorts, SortedMap<Integer, Integer> internalPorts) {
        NetnsLinks links = new NetnsLinks(networks, grpcPorts);
        try {
            for (int node : grpcPorts.keySet()) {
                List<Chain> filtered = new ArrayList<>(List.of(
                        links.incoming(CLIENTS),
                        new Chain(TO_CLIENTS, TO_CLIENTS_QUEUE, "OUTPUT -d " + networks.ownHost())));
                List<Chain> doubling = new ArrayList<>();
                for (int other : grpcPorts.keySet()) {
                    if (other != node) {
                        filtered.add(links.incoming(other));
                        doubling.add(links.doubling(other));
                    }
                }
                List<Integer> ports = List.of(port(grpcPorts, node), port(internalPorts, node));
                links.filters.put(node, NamespaceFilter.make(networks.launcher(node), ports, filtered, doubling));
            }
            return links;
        } catch (RuntimeException failure) {
            links.close();
            throw failure;
        }
    }

    private Chain incoming(int from) {
        return from == CLIENTS
                ? new Chain("fromclients", FROM_CLIENTS_QUEUE, "INPUT -s " + networks.ownHost())
                : new Chain("from" + from, from, "INPUT -s " + networks.host(from));
    }

    private Chain doubling(int to) {
        return new Chain("doubled" + to, 0, "POSTROUTING -d " + networks.host(to));
    }

    private static int port(SortedMap<Integer, Integer> ports, int node) {
        @Nullable Integer port = ports.get(node);
        if (port == null) {
            throw new IllegalArgumentException("broker " + node + " has no such port, there are " + ports);
        }
        return port;
    }

    /** Where a link is filtered. */
    private NamespaceFilter filter(int from, int to) {
        @Nullable NamespaceFilter filter = filters.get(to == CLIENTS ? from : to);
        if (filter == null || (from != CLIENTS && !filters.containsKey(from)) || from == to) {
            throw new IllegalArgumentException("no link leads from " + from + " to " + to + "; there are brokers "
                    + filters.keySet() + " and clients, " + CLIENTS);
        }
        return filter;
    }

    private Chain chain(int from, int to) {
        return to == CLIENTS ? new Chain(TO_CLIENTS, TO_CLIENTS_QUEUE, "") : incoming(from);
    }

    @Override
    public List<Integer> nodes() {
        return List.copyOf(filters.keySet());
    }

    @Override
    public synchronized LinkRule rule(int from, int to) {
        return rules.getOrDefault(List.of(from, to), LinkRule.NONE);
    }

    @Override
    public synchronized void rule(int from, int to, LinkRule rule) {
        LinkRule before = rule(from, to);
        if (rule.doubled() > 0 && (from == CLIENTS || to == CLIENTS)) {
            throw new UnsupportedOperationException("packets of clients are not doubled, only those between brokers");
        }
        if (rule.equals(before)) {
            return;
        }
        if (rule.doubled() != before.doubled()) {
            filter(to, from).doubling(doubling(to), rule.doubled(), networks.host(to));
        }
        filter(from, to).rule(chain(from, to), before, rule);
        rules.put(List.of(from, to), rule);
    }

    @Override
    public synchronized void reset(int from, int to) {
        int closed = filter(from, to).reset(from == CLIENTS ? networks.ownHost() : networks.host(from));
        resets.merge(List.of(from, to), (long) closed, Long::sum);
    }

    /** What the broker's kernel tells the other end is dropped there, if the rule says so. */
    @Override
    public void forget(int from, int to) {
        reset(from, to);
    }

    @Override
    public synchronized LinkCounters counters(int from, int to) {
        Map<Counter, Long> counts =
                new TreeMap<>(filter(from, to).counts(chain(from, to).name()));
        if (from != CLIENTS && to != CLIENTS) {
            counts.putAll(filter(to, from).counts(doubling(to).name()));
        }
        long both = counts.getOrDefault(Counter.LATE_AND_NARROWED, 0L);
        return new LinkCounters(
                counts.getOrDefault(Counter.PASSED, 0L),
                counts.getOrDefault(Counter.STOPPED, 0L),
                counts.getOrDefault(Counter.LATE, 0L) + both,
                counts.getOrDefault(Counter.NARROWED, 0L) + both,
                counts.getOrDefault(Counter.LOST, 0L),
                counts.getOrDefault(Counter.DOUBLED, 0L),
                counts.getOrDefault(Counter.REFUSED, 0L) + resets.getOrDefault(List.of(from, to), 0L));
    }

    @Override
    public Optional<Duration> probe(int from, int to, Duration timeout) {
        long startNanos = System.nanoTime();
        boolean answered = from == CLIENTS ? answersHere(to, timeout) : answersThere(from, to, timeout);
        return answered ? Optional.of(Duration.ofNanos(System.nanoTime() - startNanos)) : Optional.empty();
    }

    private boolean answersHere(int to, Duration timeout) {
        int millis = (int) Math.max(1, timeout.toMillis());
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(networks.host(to), port(grpcPorts, to)), millis);
            probe.setSoTimeout(millis);
            return probe.getInputStream().read() >= 0;
        } catch (IOException silence) {
            return false;
        }
    }

    /** A gRPC server speaks first, so that an answer has come through both links. */
    private boolean answersThere(int from, int to, Duration timeout) {
        String script = "exec 3<>\"/dev/tcp/$0/$1\" && [ \"$(head -c 1 <&3 | wc -c)\" = 1 ]";
        List<String> command = Command.words(
                networks.launcher(from),
                "timeout",
                Double.toString(timeout.toMillis() / 1e3),
                "bash",
                "-c",
                script,
                networks.host(to),
                Integer.toString(port(grpcPorts, to)));
        return Command.ask("", command).code() == 0;
    }

    /** Ends what holds back packets; the filters themselves go with their namespaces. */
    @Override
    public void close() {
        filters.values().forEach(NamespaceFilter::close);
    }
}

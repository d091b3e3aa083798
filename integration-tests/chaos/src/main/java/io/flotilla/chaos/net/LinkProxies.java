package io.flotilla.chaos.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The links of a cluster on loopback: a TCP proxy in front of each broker's listeners, whose address the broker
 * advertises, so that brokers and clients connect to it. Who has opened a connection is seen by the process that owns its
 * socket: one of the brokers, or else a client.
 *
 * <p>A proxy listens as long as this lives, whether its broker runs or not; a connection that the broker refuses is
 * reset. Bytes of a cut link stay in the proxy, up to a bound, then in the sender's buffers, and arrive when the link is
 * healed, as TCP would send them again.
 *
 * <p>Whoever opens proxies closes them. Threading: safe for all threads.
 */
public final class LinkProxies implements Links, AutoCloseable {
    private static final int BACKLOG = 1024;

    private final List<Integer> nodes;
    private final ProxyLoop loop;
    private final Map<Integer, Map<Listener, ServerSocketChannel>> doors = new TreeMap<>();
    private final Map<Integer, Map<Listener, InetSocketAddress>> targets = new ConcurrentHashMap<>();
    private final Map<Integer, Map<Integer, Link>> links = new TreeMap<>();
    private volatile Supplier<Map<Integer, Long>> sources = Map::of;

    private LinkProxies(Collection<Integer> nodes, ProxyLoop loop) {
        this.nodes = List.copyOf(new TreeSet<>(nodes));
        this.loop = loop;
        List<Integer> ends = new ArrayList<>(this.nodes);
        ends.add(CLIENTS);
        for (int from : ends) {
            Map<Integer, Link> outgoing = new TreeMap<>();
            ends.forEach(to -> outgoing.put(to, new Link(from, to, System.nanoTime())));
            links.put(from, outgoing);
        }
    }

    /**
     * Opens a proxy for every listener of every broker. They lead nowhere until they are given their
     * {@linkplain #target targets}.
     *
     * @param nodes node ids, 0 or more
     */
    public static LinkProxies open(Collection<Integer> nodes) throws IOException {
        LinkProxies proxies = new LinkProxies(nodes, ProxyLoop.start());
        try {
            for (int node : proxies.nodes) {
                Map<Listener, ServerSocketChannel> ofNode = new EnumMap<>(Listener.class);
                proxies.doors.put(node, ofNode);
                proxies.targets.put(node, new ConcurrentHashMap<>());
                for (Listener which : Listener.values()) {
                    ofNode.put(which, proxies.listen(node, which));
                }
            }
            return proxies;
        } catch (IOException failure) {
            proxies.close();
            throw failure;
        }
    }

    private ServerSocketChannel listen(int node, Listener which) throws IOException {
        ServerSocketChannel door = ServerSocketChannel.open();
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        Thread acceptor = new Thread(() -> accept(door, node, which), "link-proxy-" + node + "-" + which);
        acceptor.setDaemon(true);
        acceptor.start();
        return door;
    }

    private void accept(ServerSocketChannel door, int node, Listener which) {
        while (door.isOpen()) {
            try {
                admit(door.accept(), node, which);
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException failure) {
                if (door.isOpen()) {
                    // Of one connection, as one that its opener has closed again; the next may do better.
                    System.err.println("link proxy of broker " + node + " " + which + ": " + failure.getMessage());
                }
            }
        }
    }

    private void admit(SocketChannel accepted, int node, Listener which) throws IOException {
        boolean taken = false;
        try {
            InetSocketAddress target = targetsOf(node).get(which);
            int from = SocketOwners.ownerOf(
                            (InetSocketAddress) accepted.getRemoteAddress(),
                            (InetSocketAddress) accepted.getLocalAddress(),
                            sources.get())
                    .orElse(CLIENTS);
            if (target != null) {
                ProxyConnection.begin(loop, accepted, target, link(from, node), link(node, from));
                taken = true;
            }
        } finally {
            if (!taken) {
                accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
                accepted.close();
            }
        }
    }

    /** The port on loopback at which others are to reach a broker's listener. */
    public int proxyPort(int node, Listener which) {
        @Nullable ServerSocketChannel door = doors.getOrDefault(node, Map.of()).get(which);
        if (door == null) {
            throw unknown(node);
        }
        return door.socket().getLocalPort();
    }

    /** {@code host:port} of that proxy. */
    public String address(int node, Listener which) {
        return "127.0.0.1:" + proxyPort(node, which);
    }

    /** Says where a broker really listens. */
    public void target(int node, Listener which, InetSocketAddress address) {
        targetsOf(node).put(which, address);
    }

    private Map<Listener, InetSocketAddress> targetsOf(int node) {
        @Nullable Map<Listener, InetSocketAddress> ofNode = targets.get(node);
        if (ofNode == null) {
            throw unknown(node);
        }
        return ofNode;
    }

    /** Says how to learn the process ids of the brokers that run, by node id; asked once for each connection. */
    public void sources(Supplier<Map<Integer, Long>> pids) {
        sources = pids;
    }

    @Override
    public List<Integer> nodes() {
        return nodes;
    }

    @Override
    public LinkRule rule(int from, int to) {
        return link(from, to).rule();
    }

    @Override
    public void rule(int from, int to, LinkRule rule) {
        if (rule.lost() > 0 || rule.doubled() > 0) {
            throw new UnsupportedOperationException(
                    "proxies pass on streams, which have no packets that could be lost; use network namespaces, as root");
        }
        link(from, to).rule(rule);
        loop.forEach(ProxyConnection::step);
    }

    @Override
    public void reset(int from, int to) {
        each(from, to, ProxyConnection::reset);
    }

    @Override
    public void forget(int from, int to) {
        each(from, to, ProxyConnection::forget);
    }

    private void each(int from, int to, Consumer<ProxyConnection> action) {
        loop.forEach(connection -> {
            if (connection.isFrom(from, to)) {
                action.accept(connection);
            }
        });
    }

    @Override
    public LinkCounters counters(int from, int to) {
        return link(from, to).counters();
    }

    /** A gRPC server speaks first, so that an answer has come through both links. */
    @Override
    public Optional<Duration> probe(int from, int to, Duration timeout) {
        long startNanos = System.nanoTime();
        try (ServerSocketChannel door = ServerSocketChannel.open()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            InetSocketAddress inside = (InetSocketAddress) door.getLocalAddress();
            @Nullable InetSocketAddress target = targetsOf(to).get(Listener.GRPC);
            if (target == null) {
                return Optional.empty();
            }
            try (Socket probe = new Socket(inside.getAddress(), inside.getPort())) {
                ProxyConnection.begin(loop, door.accept(), target, link(from, to), link(to, from));
                probe.setSoTimeout(Math.max(1, (int) timeout.toMillis()));
                return probe.getInputStream().read() < 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofNanos(System.nanoTime() - startNanos));
            }
        } catch (IOException silence) {
            return Optional.empty();
        }
    }

    private Link link(int from, int to) {
        @Nullable Link link = links.getOrDefault(from, Map.of()).get(to);
        if (link == null) {
            throw new IllegalArgumentException(
                    "no link leads from " + from + " to " + to + "; there are brokers " + nodes + " and clients, -1");
        }
        return link;
    }

    private IllegalArgumentException unknown(int node) {
        return new IllegalArgumentException("no proxy leads to broker " + node + "; there are brokers " + nodes);
    }

    /** Stops listening and resets all connections. May be called twice. */
    @Override
    public void close() {
        doors.values().forEach(ofNode -> ofNode.values().forEach(LinkProxies::close));
        loop.close();
    }

    private static void close(ServerSocketChannel door) {
        try {
            door.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot stop listening", failure);
        }
    }
}

package io.flotilla.raftlog.raft.ratis.conformance;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The loopback network with a {@link LinkProxy} before each node: for transports over TCP. */
final class ProxiedNetwork implements Network {
    /** Warns of every connection that breaks, which they do here on purpose. Kept, or the level would be forgotten. */
    private static final Logger GRPC_LOG = Logger.getLogger("org.apache.ratis.thirdparty");

    static {
        GRPC_LOG.setLevel(Level.OFF);
    }

    private final RaftSettings.Transport.Kind kind;
    private final Links links = new Links();
    private final Map<Integer, LinkProxy> proxies = new ConcurrentHashMap<>();

    ProxiedNetwork(RaftSettings.Transport.Kind kind) {
        this.kind = kind;
    }

    @Override
    public RatisHost start(int node, RaftSettings settings, ReplicatedStateFactory states) throws IOException {
        RaftSettings.Transport transport = settings.transport().withKind(kind).withRealm("conformance");
        // Any port will do, since the others know only the proxy's.
        RatisHost host = RatisHost.open(settings.withTransport(transport), Network.peerId(node), states);
        LinkProxy proxy = proxies.get(node);
        if (proxy == null) {
            proxy = new LinkProxy(node, links);
            proxies.put(node, proxy);
        }
        host.start();
        proxy.leadTo(host.peer().port());
        return host;
    }

    private LinkProxy proxy(int node) {
        return Objects.requireNonNull(proxies.get(node));
    }

    @Override
    public Peer peer(int node) {
        return new Peer(Network.peerId(node), "127.0.0.1", proxy(node).port());
    }

    @Override
    public void cut(int from, int to) {
        links.cut(from, to);
    }

    @Override
    public void heal(int from, int to) {
        links.heal(from, to);
    }

    @Override
    public void reset(int one, int other) {
        proxy(one).reset(Set.of(other));
        proxy(other).reset(Set.of(one));
    }

    @Override
    public void close() throws IOException {
        for (LinkProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}

package io.flotilla.raftlog.raft.ratis.conformance;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import io.flotilla.raftlog.raft.ratis.simulation.Faults;
import io.flotilla.raftlog.raft.ratis.simulation.Route;
import io.flotilla.raftlog.raft.ratis.simulation.Router;
import java.io.IOException;
import java.util.Map;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;

/** Our transport over a {@link Router}. */
final class MemoryNetwork implements Network {
    private static final long SEED = 1;

    /** A request that the router loses is not followed by a broken connection, as it is on TCP. */
    private static final Map<String, String> SOON_GIVEN_UP =
            Map.of(RaftServerConfigKeys.Rpc.REQUEST_TIMEOUT_KEY, TestCluster.TIMEOUT_MAX.toMillis() + "ms");

    private final Router router = new Router(SEED);

    @Override
    public RatisHost start(int node, RaftSettings settings, ReplicatedStateFactory states) throws IOException {
        RatisHost host = router.open(settings.withLibraryProperties(SOON_GIVEN_UP), Network.peerId(node), states);
        host.start();
        return host;
    }

    /** Nobody listens at the address, but Ratis wants one. */
    @Override
    public Peer peer(int node) {
        return new Peer(Network.peerId(node), "127.0.0.1", node);
    }

    @Override
    public void cut(int from, int to) {
        router.set(path(from, to), Faults.CUT);
    }

    @Override
    public void heal(int from, int to) {
        router.set(path(from, to), Faults.NONE);
    }

    @Override
    public void reset(int one, int other) {
        router.reset(raftId(one), raftId(other));
    }

    private static Route path(int from, int to) {
        return Route.ofAll(raftId(from), raftId(to));
    }

    private static RaftPeerId raftId(int node) {
        return RaftPeerId.valueOf(Network.peerId(node).value());
    }

    @Override
    public void close() {
        router.close();
    }
}

package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;

/**
 * Three hosts over one {@link Router}, on which many groups live side by side, each with faults of its own. Nodes are
 * counted from 1.
 *
 * <p>Threading: safe for all threads.
 */
public final class Fleet implements AutoCloseable {
    static final int NODES = 3;

    private static final int KIB = 1024;
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(150);
    private static final Duration TIMEOUT_MAX = Duration.ofMillis(300);

    /** Small files and no mercy for those who lag: a follower soon needs more than the log. */
    static final RaftSettings.Log LOG = new RaftSettings.Log(8 * KIB, 64 * KIB, 0);

    private static final RaftSettings.Proposals PROPOSALS =
            new RaftSettings.Proposals(256, KIB * KIB, Duration.ofSeconds(2));

    /** Of what the router loses, nobody hears: it is given up soon. */
    private static final Map<String, String> LIBRARY = Map.of(
            RaftServerConfigKeys.Rpc.REQUEST_TIMEOUT_KEY,
            TIMEOUT_MAX.toMillis() + "ms",
            RaftServerConfigKeys.STAGING_TIMEOUT_KEY,
            TIMEOUT_MAX.toMillis() * 5 + "ms");

    private final Router router;
    private final List<RatisHost> hosts = new ArrayList<>();
    private final Map<GroupId, SimulatedGroup> groups = new ConcurrentHashMap<>();

    private Fleet(long seed) {
        this.router = new Router(seed);
    }

    /** Starts the hosts over a folder. */
    static Fleet start(long seed, Path directory) throws IOException {
        Fleet fleet = new Fleet(seed);
        try {
            for (int node = 1; node <= NODES; node++) {
                int number = node;
                RaftSettings settings = RaftSettings.in(directory.resolve("node-" + node))
                        .withElections(new RaftSettings.Elections(TIMEOUT_MIN, TIMEOUT_MAX, TIMEOUT_MIN, TIMEOUT_MAX))
                        .withLog(LOG)
                        .withProposals(PROPOSALS)
                        .withLibraryProperties(LIBRARY);
                RatisHost host = fleet.router.open(settings, peerId(node), id -> fleet.stateOf(number, id));
                fleet.hosts.add(host);
                host.start();
            }
            return fleet;
        } catch (Throwable failure) {
            fleet.close();
            throw failure;
        }
    }

    private Optional<ReplicatedState> stateOf(int node, GroupId id) {
        return Optional.ofNullable(groups.get(id)).map(group -> group.newJournal(node));
    }

    /** Makes a group on all nodes. */
    SimulatedGroup create(GroupId id) throws IOException {
        SimulatedGroup group = new SimulatedGroup(id, this);
        groups.put(id, group);
        for (int node = 1; node <= NODES; node++) {
            host(node).create(id, peers());
        }
        return group;
    }

    /** Removes a group and its files. */
    void remove(GroupId id) throws IOException {
        for (int node = 1; node <= NODES; node++) {
            host(node).remove(id);
        }
        groups.remove(id);
    }

    RatisHost host(int node) {
        return hosts.get(node - 1);
    }

    void set(int from, int to, GroupId group, Faults faults) {
        router.set(new Route(raftId(from), raftId(to), group.value()), faults);
    }

    /** Messages that have arrived, and that have not. */
    long[] traffic() {
        return new long[] {router.delivered(), router.lost()};
    }

    static PeerId peerId(int node) {
        return PeerId.of(node, "simulated");
    }

    private static RaftPeerId raftId(int node) {
        return RaftPeerId.valueOf(peerId(node).value());
    }

    private static List<Peer> peers() {
        return IntStream.rangeClosed(1, NODES)
                .mapToObj(node -> new Peer(peerId(node), "127.0.0.1", node))
                .toList();
    }

    @Override
    public void close() throws IOException {
        try {
            for (RatisHost host : hosts) {
                host.close();
            }
        } finally {
            router.close();
        }
    }
}

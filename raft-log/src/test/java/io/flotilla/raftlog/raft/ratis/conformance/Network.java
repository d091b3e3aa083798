package io.flotilla.raftlog.raft.ratis.conformance;

import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.RatisHost;
import java.io.IOException;

/** What lies between the hosts of a cluster under test. Nodes are counted from 1. */
interface Network extends AutoCloseable {
    /** Makes and starts a node's host, for the second time at the same address. */
    RatisHost start(int node, RaftSettings settings, ReplicatedStateFactory states) throws IOException;

    /** A node as the others reach it; known once it was started. */
    Peer peer(int node);

    /** From now on nothing of what one node sends reaches the other. Nobody is told. */
    void cut(int from, int to);

    void heal(int from, int to);

    /** Breaks the connections between two nodes, which may connect again at once. */
    void reset(int one, int other);

    @Override
    void close() throws IOException;

    static PeerId peerId(int node) {
        return PeerId.of(node, LinkProxy.DIRECTORY);
    }
}

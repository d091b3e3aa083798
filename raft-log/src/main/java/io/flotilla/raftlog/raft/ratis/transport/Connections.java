package io.flotilla.raftlog.raft.ratis.transport;

import org.apache.ratis.protocol.RaftPeerId;

/** What a server's transport knows of its connections. */
public interface Connections {
    /** Whether a connection to the peer is up: to a process that has ended there is none, long before it counts as silent. */
    boolean isConnected(RaftPeerId peer);
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import io.flotilla.raftlog.raft.RaftSettings;
import io.flotilla.raftlog.raft.ReplicatedStateFactory;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.io.IOException;

/** Lets tests in other packages put a wire of theirs under a host. */
public final class WiredHost {
    private WiredHost() {}

    public static RatisHost open(RaftSettings settings, PeerId self, ReplicatedStateFactory states, Wire.Factory wires)
            throws IOException {
        return RatisHost.open(settings, self, states, wires);
    }
}

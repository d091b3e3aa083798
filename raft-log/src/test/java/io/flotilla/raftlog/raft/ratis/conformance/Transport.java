package io.flotilla.raftlog.raft.ratis.conformance;

import io.flotilla.raftlog.raft.RaftSettings;

/** The transports that have to conform. */
enum Transport {
    /** That of Ratis: the reference. */
    GRPC {
        @Override
        Network network() {
            return new ProxiedNetwork(RaftSettings.Transport.Kind.GRPC);
        }
    },
    /** Ours over TCP. */
    NETTY {
        @Override
        Network network() {
            return new ProxiedNetwork(RaftSettings.Transport.Kind.NETTY);
        }
    },
    /** Ours over a router in memory. */
    IN_MEMORY {
        @Override
        Network network() {
            return new MemoryNetwork();
        }
    };

    abstract Network network();
}

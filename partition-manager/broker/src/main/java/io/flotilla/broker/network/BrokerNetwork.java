package io.flotilla.broker.network;

import io.flotilla.raftlog.link.LinkWatch;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;

/** How a broker listens and connects. */
public interface BrokerNetwork {
    /** The system's sockets, and nothing else. */
    BrokerNetwork PLAIN = new BrokerNetwork() {
        @Override
        public NettyServerBuilder serving(NettyServerBuilder builder) {
            return builder;
        }

        @Override
        public NettyChannelBuilder calling(NettyChannelBuilder builder) {
            return builder;
        }

        @Override
        public LinkWatch raft() {
            return LinkWatch.NONE;
        }
    };

    /** Prepares the gRPC port. */
    NettyServerBuilder serving(NettyServerBuilder builder);

    /** Prepares a channel to another broker. */
    NettyChannelBuilder calling(NettyChannelBuilder builder);

    /** Told of the connections between Raft members. */
    LinkWatch raft();
}

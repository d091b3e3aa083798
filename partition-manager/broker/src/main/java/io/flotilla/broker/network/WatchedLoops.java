package io.flotilla.broker.network;

import io.flotilla.raftlog.link.LinkHandler;
import io.flotilla.raftlog.link.LinkWatch;
import io.flotilla.raftlog.link.WatchedServerChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of brokers in one process whose connections are watched. Whoever opens them closes them, after the
 * brokers.
 */
public final class WatchedLoops implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup loops;

    /** @param threads 1 or more */
    public WatchedLoops(int threads) {
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("embedded-net", true), NioIoHandler.newFactory());
    }

    /** The network of one broker, all of whose connections but those to its HTTP port the watch is told of. */
    public BrokerNetwork watchedBy(LinkWatch watch) {
        return new Watched(loops, watch);
    }

    private record Watched(EventLoopGroup loops, LinkWatch raft) implements BrokerNetwork {
        @Override
        public NettyServerBuilder serving(NettyServerBuilder builder) {
            return builder.bossEventLoopGroup(loops)
                    .workerEventLoopGroup(loops)
                    .channelFactory(() -> new WatchedServerChannel(raft));
        }

        @Override
        public NettyChannelBuilder calling(NettyChannelBuilder builder) {
            return builder.eventLoopGroup(loops).channelFactory(this::dialed);
        }

        private NioSocketChannel dialed() {
            NioSocketChannel channel = new NioSocketChannel();
            LinkHandler.watch(channel, raft, true);
            return channel;
        }
    }

    /** May be called twice. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.link.LinkHandler;
import io.flotilla.raftlog.link.LinkWatch;
import io.flotilla.raftlog.raft.RaftSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages over TCP, with or without TLS: one listening port, and for each peer a connection in each lane, for all
 * groups.
 *
 * <p>Threading: safe for all threads.
 */
final class NettyWire implements Wire, WireContext {
    private static final Logger LOG = LoggerFactory.getLogger(NettyWire.class);

    private static final int READ_BYTES_MIN = 1024;
    private static final int READ_BYTES_FIRST = 16 * 1024;
    private static final int READ_BYTES_MAX = 256 * 1024;
    private static final int CONNECT_MILLIS_MAX = 3000;
    private static final int BACKLOG = 128;

    /** What a request holds beside its entries: commit indexes of the peers, envelopes of entries. */
    private static final int EXTRA_BYTES = 1024 * 1024;

    /** Frames in the lane of what is urgent are small, and many only when many groups vote. */
    private static final int URGENT_QUEUED_BYTES_MAX = 8 * 1024 * 1024;

    /** Names are looked up here, which may take seconds; connecting itself does not block. */
    private static final int DIALING_THREADS = 2;

    /** Names that may introduce themselves; many more than there are brokers in a cluster. */
    private static final int PEERS_MAX = 1024;

    private static final int DIALS_QUEUED_MAX = 1024;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 5;

    private final RaftPeerId self;
    private final RaftSettings settings;
    private final Refusals refusals;
    private final @Nullable WireTls tls;
    private final EventLoopGroup loops;
    private final ThreadPoolExecutor dialers;
    private final Map<RaftPeerId, Map<Lane, PeerLane>> peers = new ConcurrentHashMap<>();
    private final Map<RaftPeerId, String> addresses = new ConcurrentHashMap<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Inbox inbox;
    private volatile @Nullable Channel listening;
    private volatile boolean closed;

    private NettyWire(RaftPeerId self, RaftSettings settings, Refusals refusals, @Nullable WireTls tls) {
        this.self = self;
        this.settings = settings;
        this.refusals = refusals;
        this.tls = tls;
        this.loops = new MultiThreadIoEventLoopGroup(
                settings.transport().threads(), Threads.named(self + "-raft-net"), NioIoHandler.newFactory());
        this.dialers = new ThreadPoolExecutor(
                DIALING_THREADS,
                DIALING_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(DIALS_QUEUED_MAX),
                Threads.named(self + "-raft-dial"));
        dialers.allowCoreThreadTimeOut(true);
    }

    /** @param tls null for plain text */
    static NettyWire of(RaftPeerId self, RaftSettings settings, Refusals refusals, @Nullable WireTls tls) {
        return new NettyWire(self, settings, refusals, tls);
    }

    @Override
    public void start(Inbox deliverTo) throws IOException {
        inbox = deliverTo;
        InetSocketAddress address = new InetSocketAddress(
                settings.address().bindHost(), settings.address().port());
        try {
            listening = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            prepare(channel, Connection.accepted(NettyWire.this), null);
                        }
                    })
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception failure) { // Netty throws what it likes
            throw new IOException(
                    "the Raft port cannot be opened at " + address + ": " + failure.getMessage(), failure);
        }
    }

    private void prepare(Channel channel, Connection connection, @Nullable RaftPeerId dialed) {
        if (tls != null) {
            tls.protect(channel, dialed, refusals, silenceMillisMax());
        }
        LinkWatch links = settings.transport().links();
        if (links != LinkWatch.NONE) {
            LinkHandler.watch(channel, links, connection.isDialed());
        }
        channel.pipeline().addLast(connection);
    }

    private static AdaptiveRecvByteBufAllocator readSizes() {
        return new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX);
    }

    @Override
    public InetSocketAddress address() {
        Channel open = listening;
        return open == null
                ? new InetSocketAddress(
                        settings.address().bindHost(), settings.address().port())
                : (InetSocketAddress) open.localAddress();
    }

    @Override
    public void addPeer(RaftPeerId peer, String address) {
        addresses.put(peer, address);
    }

    @Override
    public boolean knows(RaftPeerId peer) {
        return addresses.containsKey(peer);
    }

    @Override
    public OptionalLong silentMillis(RaftPeerId peer) {
        return peers.getOrDefault(peer, Map.of()).values().stream()
                .flatMapToLong(lane -> lane.silentMillis().stream())
                .min();
    }

    @Override
    public boolean send(RaftPeerId to, Message message) {
        return !closed && laneOf(to, message.kind().lane()).send(message);
    }

    private PeerLane laneOf(RaftPeerId peer, Lane lane) {
        PeerLane found = peers.computeIfAbsent(peer, this::newLanes).get(lane);
        if (found == null) {
            throw new IllegalStateException("no lane " + lane);
        }
        return found;
    }

    private Map<Lane, PeerLane> newLanes(RaftPeerId peer) {
        Map<Lane, PeerLane> lanes = new EnumMap<>(Lane.class);
        // Twice what is on its way: the peer's entries for groups it leads are answered over the same lane.
        lanes.put(
                Lane.BULK,
                new PeerLane(
                        () -> dial(peer, Lane.BULK), 2L * settings.transport().peerBytesInFlightMax()));
        lanes.put(Lane.URGENT, new PeerLane(() -> dial(peer, Lane.URGENT), URGENT_QUEUED_BYTES_MAX));
        return lanes;
    }

    private void dial(RaftPeerId peer, Lane lane) {
        try {
            dialers.execute(() -> connect(peer, lane));
        } catch (RejectedExecutionException full) {
            notConnected(peer, lane);
        }
    }

    private void connect(RaftPeerId peer, Lane lane) {
        String address = addresses.get(peer);
        if (address == null) {
            notConnected(peer, lane);
            return;
        }
        int colon = address.lastIndexOf(':');
        Connection connection = Connection.dialed(this, new Hello(realm(), self, peer, lane));
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .option(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        prepare(channel, connection, peer);
                    }
                })
                .connect(new InetSocketAddress(
                        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        LOG.debug("cannot connect to {} at {}", peer, address, connected.cause());
                        notConnected(peer, lane);
                    }
                });
    }

    private void notConnected(RaftPeerId peer, Lane lane) {
        if (laneOf(peer, lane).notConnected()) {
            inbox().lost(peer, lane);
        }
    }

    @Override
    public void opened(Connection connection) {
        connections.add(connection);
        if (closed) {
            connection.close();
        }
    }

    @Override
    public void ready(Connection connection, RaftPeerId peer, Lane lane) {
        if (!peers.containsKey(peer) && peers.size() >= PEERS_MAX) {
            refusals.refused(Refusals.Reason.OVERLOADED, peer, PEERS_MAX + " peers are known already");
            connection.close();
            return;
        }
        LOG.info("connected peer={} lane={}", peer, lane);
        Connection replaced = laneOf(peer, lane).ready(connection);
        if (replaced != null) {
            replaced.close();
        }
        inbox().connected(peer, lane);
    }

    @Override
    public void closed(Connection connection, @Nullable RaftPeerId peer, @Nullable Lane lane, boolean wasReady) {
        connections.remove(connection);
        if (peer != null && lane != null) {
            if (!wasReady) {
                notConnected(peer, lane);
            } else if (peers.containsKey(peer)) {
                laneOf(peer, lane).closed(connection);
                if (!closed) {
                    LOG.info("connection ended peer={} lane={}", peer, lane);
                    inbox().lost(peer, lane);
                }
            }
        }
    }

    @Override
    public RaftPeerId self() {
        return self;
    }

    @Override
    public String realm() {
        return settings.transport().realm();
    }

    @Override
    public Inbox inbox() {
        Inbox known = inbox;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    @Override
    public Refusals refusals() {
        return refusals;
    }

    @Override
    public void requireProof(Channel channel, RaftPeerId claimed) throws BadFrame {
        if (tls != null) {
            WireTls.requireName(channel, realm(), claimed);
        }
    }

    @Override
    public int contentBytesMax() {
        return Math.max(settings.log().entryBytesMax(), PipelinedAppender.BYTES_PER_REQUEST_MAX) + EXTRA_BYTES;
    }

    @Override
    public long silenceMillisMax() {
        return settings.transport().silenceMax().toMillis();
    }

    @Override
    public void close() {
        closed = true;
        Threads.stop(dialers, CLOSE_SECONDS);
        Channel open = listening;
        if (open != null) {
            open.close().syncUninterruptibly();
        }
        connections.forEach(Connection::close);
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}

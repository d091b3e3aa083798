package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.ratis.transport.Inbox;
import io.flotilla.raftlog.raft.ratis.transport.Lane;
import io.flotilla.raftlog.raft.ratis.transport.Message;
import io.flotilla.raftlog.raft.ratis.transport.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * One server's end of a {@link Router}.
 *
 * <p>Threading: safe for all threads.
 */
final class MemoryWire implements Wire {
    /** Nobody listens there; Ratis wants one. */
    private static final int PORT = 1;

    private final RaftPeerId self;
    private final Router router;
    private final Map<RaftPeerId, String> peers = new ConcurrentHashMap<>();
    /** Who has sent something, and when: as over a connection that a peer has opened, it can be answered without an address. */
    private final Map<RaftPeerId, Long> heard = new ConcurrentHashMap<>();

    private volatile @Nullable Inbox inbox;
    private volatile boolean closed;

    MemoryWire(RaftPeerId self, Router router) {
        this.self = self;
        this.router = router;
    }

    RaftPeerId self() {
        return self;
    }

    @Override
    public void start(Inbox started) {
        inbox = started;
        router.started(this);
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);
    }

    @Override
    public void addPeer(RaftPeerId peer, String address) {
        if (peers.put(peer, address) == null && router.isUp(peer)) {
            connected(peer);
        }
    }

    @Override
    public boolean knows(RaftPeerId peer) {
        return peers.containsKey(peer);
    }

    @Override
    public OptionalLong silentMillis(RaftPeerId peer) {
        Long heardNanos = heard.get(peer);
        return router.isUp(peer) && heardNanos != null
                ? OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos))
                : OptionalLong.empty();
    }

    @Override
    public boolean send(RaftPeerId to, Message message) {
        return !closed && (knows(to) || heard.containsKey(to)) && router.send(self, to, message);
    }

    /** @return false if the server did not admit it */
    boolean take(RaftPeerId from, Message message) {
        Inbox open = inbox;
        if (open == null || closed || !open.admits(from, message.envelope())) {
            return false;
        }
        heard.put(from, System.nanoTime());
        open.received(from, message);
        return true;
    }

    void connected(RaftPeerId peer) {
        Inbox open = inbox;
        heard.computeIfPresent(peer, (unused, before) -> System.nanoTime());
        if (open != null && !closed && knows(peer)) {
            for (Lane lane : Lane.values()) {
                open.connected(peer, lane);
            }
        }
    }

    void lost(RaftPeerId peer) {
        Inbox open = inbox;
        if (open != null && !closed && knows(peer)) {
            for (Lane lane : Lane.values()) {
                open.lost(peer, lane);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        router.closed(this);
    }
}

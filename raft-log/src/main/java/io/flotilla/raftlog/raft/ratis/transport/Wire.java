package io.flotilla.raftlog.raft.ratis.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalLong;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Carries messages between the servers of one cluster. Nothing here knows what they mean.
 *
 * <p>Threading: safe for all threads; {@link #send} never blocks.
 */
public interface Wire extends Closeable {
    /**
     * Begins to listen and to deliver. Called once, before all else.
     *
     * @throws IOException if the address cannot be listened on
     */
    void start(Inbox inbox) throws IOException;

    /** Where this wire listens; its port is the real one once it has started. */
    InetSocketAddress address();

    /**
     * Learns of a peer, or of its new address. Does not connect yet.
     *
     * @param address host and port as Ratis writes them, {@code host:port}
     */
    void addPeer(RaftPeerId peer, String address);

    /** Whether {@link #addPeer} has named the peer. */
    boolean knows(RaftPeerId peer);

    /** Milliseconds since the peer was last heard over a connection that is up, in any lane; empty if none is up. */
    OptionalLong silentMillis(RaftPeerId peer);

    /**
     * Sends a message to a peer over the lane of its kind, connecting first if need be.
     *
     * @return false if it certainly will not arrive: the peer is unknown, not reachable at present, or more is queued
     *     for it than the bound allows. True promises nothing
     */
    boolean send(RaftPeerId to, Message message);

    /** Ends all connections. What is queued is dropped. May be called twice. */
    @Override
    void close() throws IOException;

    /** Makes the wire of one server. */
    @FunctionalInterface
    interface Factory {
        /** @param self the server whose wire it is */
        Wire create(RaftPeerId self);
    }
}

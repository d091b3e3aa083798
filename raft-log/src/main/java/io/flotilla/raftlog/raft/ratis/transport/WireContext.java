package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.channel.Channel;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** What the connections of one server share. */
interface WireContext {
    RaftPeerId self();

    String realm();

    Inbox inbox();

    Refusals refusals();

    /**
     * Makes sure that the other side of a channel is who it claims to be, as far as this server asks for proof.
     *
     * @throws BadFrame if it is not
     */
    void requireProof(Channel channel, RaftPeerId claimed) throws BadFrame;

    int contentBytesMax();

    long silenceMillisMax();

    /** The connection is open; nothing is known of the other side yet. */
    void opened(Connection connection);

    /** Both sides have told who they are. */
    void ready(Connection connection, RaftPeerId peer, Lane lane);

    /** @param peer null, with the lane, if the other side never told who it is */
    void closed(Connection connection, @Nullable RaftPeerId peer, @Nullable Lane lane, boolean wasReady);
}

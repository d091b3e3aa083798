package io.flotilla.raftlog.raft.ratis.transport;

import org.apache.ratis.protocol.RaftPeerId;

/**
 * What a {@link Wire} delivers to.
 *
 * <p>Threading: called from any thread; returns without blocking.
 */
public interface Inbox {
    /** @param from the server that sent it, as the wire has made sure */
    void received(RaftPeerId from, Message message);

    /**
     * Whether a message may come in. Asked once its envelope is known, before room is made for its content; if not, the
     * content is skipped and the refusal counted.
     */
    boolean admits(RaftPeerId from, Message.Envelope envelope);

    /** A lane to the peer has come up: what waited for it may be sent. */
    void connected(RaftPeerId peer, Lane lane);

    /** A lane to the peer has broken: what was sent over it and not answered may not have arrived. */
    void lost(RaftPeerId peer, Lane lane);
}

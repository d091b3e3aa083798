package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.channel.Channel;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** The context of a connection that is never opened. */
final class NoContext implements WireContext {
    @Override
    public RaftPeerId self() {
        throw new AssertionError("not opened");
    }

    @Override
    public String realm() {
        throw new AssertionError("not opened");
    }

    @Override
    public Inbox inbox() {
        throw new AssertionError("not opened");
    }

    @Override
    public Refusals refusals() {
        throw new AssertionError("not opened");
    }

    @Override
    public void requireProof(Channel channel, RaftPeerId claimed) {}

    @Override
    public int contentBytesMax() {
        return 0;
    }

    @Override
    public long silenceMillisMax() {
        return 1;
    }

    @Override
    public void opened(Connection connection) {}

    @Override
    public void ready(Connection connection, RaftPeerId peer, Lane lane) {}

    @Override
    public void closed(Connection connection, @Nullable RaftPeerId peer, @Nullable Lane lane, boolean wasReady) {}
}

package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.channel.Channel;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** A wire's surroundings that count what passes. */
final class CountingContext implements WireContext, Inbox {
    private static final long SILENCE_MILLIS_MAX = 60_000;

    private final RaftPeerId self;
    private final String realm;
    private final int contentBytesMax;
    private final Refusals refusals = new Refusals();
    private long received;

    CountingContext(RaftPeerId self, String realm, int contentBytesMax) {
        this.self = self;
        this.realm = realm;
        this.contentBytesMax = contentBytesMax;
    }

    long received() {
        return received;
    }

    /** For all reasons together. */
    long refused() {
        long sum = 0;
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            sum += refusals.count(reason);
        }
        return sum;
    }

    @Override
    public RaftPeerId self() {
        return self;
    }

    @Override
    public String realm() {
        return realm;
    }

    @Override
    public Inbox inbox() {
        return this;
    }

    @Override
    public Refusals refusals() {
        return refusals;
    }

    @Override
    public void requireProof(Channel channel, RaftPeerId claimed) {}

    @Override
    public int contentBytesMax() {
        return contentBytesMax;
    }

    @Override
    public long silenceMillisMax() {
        return SILENCE_MILLIS_MAX;
    }

    @Override
    public void opened(Connection connection) {}

    @Override
    public void ready(Connection connection, RaftPeerId peer, Lane lane) {}

    @Override
    public void closed(Connection connection, @Nullable RaftPeerId peer, @Nullable Lane lane, boolean wasReady) {}

    @Override
    public void received(RaftPeerId from, Message message) {
        received++;
    }

    @Override
    public boolean admits(RaftPeerId from, Message.Envelope envelope) {
        return true;
    }

    @Override
    public void connected(RaftPeerId peer, Lane lane) {}

    @Override
    public void lost(RaftPeerId peer, Lane lane) {}
}

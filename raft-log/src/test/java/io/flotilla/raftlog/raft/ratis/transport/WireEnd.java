package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** A wire on the loopback address with what it delivered. */
final class WireEnd implements Inbox, AutoCloseable {
    static final Duration SILENCE_MAX = Duration.ofMillis(600);

    private final Refusals refusals = new Refusals();
    private final List<Message> received = new CopyOnWriteArrayList<>();
    private final List<Lane> lost = new CopyOnWriteArrayList<>();
    private final List<Lane> connected = new CopyOnWriteArrayList<>();
    private final NettyWire wire;
    private volatile boolean admitting = true;

    private WireEnd(RaftPeerId self, String realm, Duration silenceMax, @Nullable WireTls tls) {
        RaftSettings.Transport normal = RaftSettings.Transport.DEFAULT;
        RaftSettings settings = RaftSettings.in(Path.of("unused"))
                .withTransport(new RaftSettings.Transport(
                        normal.kind(),
                        realm,
                        normal.appendsInFlightMax(),
                        normal.appendBytesInFlightMax(),
                        normal.peerBytesInFlightMax(),
                        silenceMax,
                        1,
                        normal.tls(),
                        normal.links()));
        wire = NettyWire.of(self, settings, refusals, tls);
    }

    static WireEnd start(RaftPeerId self, String realm, @Nullable WireTls tls) throws IOException {
        return start(self, realm, SILENCE_MAX, tls);
    }

    static WireEnd start(RaftPeerId self, String realm, Duration silenceMax, @Nullable WireTls tls) throws IOException {
        WireEnd end = new WireEnd(self, realm, silenceMax, tls);
        end.wire.start(end);
        return end;
    }

    @Override
    public void received(RaftPeerId from, Message message) {
        received.add(message);
    }

    @Override
    public boolean admits(RaftPeerId from, Message.Envelope envelope) {
        return admitting;
    }

    @Override
    public void connected(RaftPeerId peer, Lane lane) {
        connected.add(lane);
    }

    @Override
    public void lost(RaftPeerId peer, Lane lane) {
        lost.add(lane);
    }

    void admit(boolean all) {
        admitting = all;
    }

    NettyWire wire() {
        return wire;
    }

    Refusals refusals() {
        return refusals;
    }

    List<Message> received() {
        return received;
    }

    List<Lane> lost() {
        return lost;
    }

    List<Lane> connected() {
        return connected;
    }

    int port() {
        return wire.address().getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() {
        wire.close();
    }
}

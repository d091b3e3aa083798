package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real connections on the loopback address. */
class NettyWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final UUID GROUP = new UUID(4, 4);
    private static final RaftPeerId ONE = RaftPeerId.valueOf("1-a");
    private static final RaftPeerId TWO = RaftPeerId.valueOf("2-b");

    private final List<AutoCloseable> open = new ArrayList<>();

    private WireEnd end(RaftPeerId self, String realm) throws IOException {
        WireEnd end = WireEnd.start(self, realm, null);
        open.add(end);
        return end;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static Message vote(long call) {
        return Message.of(
                Kind.VOTE_REPLY,
                GROUP,
                call,
                RequestVoteReplyProto.newBuilder().setTerm(call).build());
    }

    @Test
    void shouldCarryMessagesBothWaysOverOneConnection() throws IOException {
        WireEnd one = end(ONE, "realm");
        WireEnd two = end(TWO, "realm");
        one.wire().addPeer(TWO, two.address());

        for (int call = 1; call <= 100; call++) {
            assertThat(one.wire().send(TWO, vote(call))).isTrue();
        }
        await().atMost(PATIENCE).until(() -> two.received().size() == 100);
        assertThat(two.wire().send(ONE, vote(7)))
                .as("over the connection it was asked on")
                .isTrue();
        await().atMost(PATIENCE).until(() -> one.received().size() == 1);

        assertThat(two.received()).extracting(Message::call).isSorted();
        assertThat(one.connected()).containsExactly(Lane.URGENT);
        assertThat(two.connected()).containsExactly(Lane.URGENT);
    }

    @Test
    void shouldRefuseAnotherRealm() throws IOException {
        WireEnd one = end(ONE, "theirs");
        WireEnd two = end(TWO, "ours");
        one.wire().addPeer(TWO, two.address());

        assertThat(one.wire().send(TWO, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> two.refusals().count(Refusals.Reason.OTHER_REALM) > 0);
        await().atMost(PATIENCE).until(() -> one.lost().contains(Lane.URGENT));
        assertThat(two.received()).isEmpty();
    }

    @Test
    void shouldRefuseToBeTakenForAnother() throws IOException {
        WireEnd one = end(ONE, "realm");
        WireEnd two = end(TWO, "realm");
        RaftPeerId gone = RaftPeerId.valueOf("3-c");
        one.wire().addPeer(gone, two.address());

        assertThat(one.wire().send(gone, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> two.refusals().count(Refusals.Reason.OTHER_TARGET) > 0);
        assertThat(two.received()).isEmpty();
    }

    @Test
    void shouldSkipAndCountWhatIsNotAdmitted() throws IOException {
        WireEnd one = end(ONE, "realm");
        WireEnd two = end(TWO, "realm");
        one.wire().addPeer(TWO, two.address());
        two.admit(false);

        assertThat(one.wire().send(TWO, vote(1))).isTrue();
        await().atMost(PATIENCE).until(() -> two.refusals().count(Refusals.Reason.UNKNOWN_PEER) == 1);
        two.admit(true);
        assertThat(one.wire().send(TWO, vote(2))).isTrue();

        await().atMost(PATIENCE).until(() -> two.received().size() == 1);
        assertThat(two.received().get(0).call()).isEqualTo(2);
    }

    @Test
    void shouldSendNothingToAPeerItDoesNotKnow() throws IOException {
        WireEnd one = end(ONE, "realm");

        await().atMost(PATIENCE).until(() -> !one.wire().send(TWO, vote(1)));
    }

    /** What strangers send ends their own connection and no other. */
    @Test
    void shouldServeOthersWhileOneSendsNonsense() throws IOException {
        WireEnd one = end(ONE, "realm");
        WireEnd two = end(TWO, "realm");
        one.wire().addPeer(TWO, two.address());
        Random random = new Random(3);
        long sent = 0;

        for (int run = 0; run < 200; run++) {
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
                stranger.getOutputStream().write(nonsense(random, run));
                stranger.getOutputStream().flush();
                if (run % 10 == 0) {
                    assertThat(one.wire().send(TWO, vote(++sent))).isTrue();
                }
            }
        }

        long expected = sent;
        await().atMost(PATIENCE).until(() -> two.received().size() == expected);
        await().atMost(PATIENCE).until(() -> two.refusals().count(Refusals.Reason.MALFORMED) > 50);
        assertThat(one.lost()).isEmpty();
    }

    /** Noise, or a proper greeting and then noise, or frames of a length that is never sent. */
    private static byte[] nonsense(Random random, int run) {
        ByteBuf bytes = Unpooled.buffer();
        if (run % 3 > 0) {
            byte[] hello = new Hello("realm", RaftPeerId.valueOf("9-z"), TWO, Lane.URGENT).encoded();
            FrameHeader.control(FrameHeader.Control.HELLO, hello.length).write(bytes);
            bytes.writeBytes(hello);
        }
        if (run % 3 == 2) {
            new FrameHeader(Kind.VOTE.code(), Integer.MAX_VALUE, GROUP, 1).write(bytes);
        } else {
            byte[] noise = new byte[64 + random.nextInt(200)];
            random.nextBytes(noise);
            bytes.writeBytes(noise);
        }
        byte[] all = new byte[bytes.readableBytes()];
        bytes.readBytes(all);
        return all;
    }

    @Test
    void shouldGiveUpAPeerThatTakesTheConnectionAndSaysNothing() throws IOException {
        WireEnd one = end(ONE, "realm");
        ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        open.add(mute);
        one.wire().addPeer(TWO, "127.0.0.1:" + mute.getLocalPort());

        assertThat(one.wire().send(TWO, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> one.lost().contains(Lane.URGENT));
    }

    @Test
    void shouldKeepAnIdleConnection() throws IOException {
        WireEnd one = end(ONE, "realm");
        WireEnd two = end(TWO, "realm");
        one.wire().addPeer(TWO, two.address());
        assertThat(one.wire().send(TWO, vote(1))).isTrue();
        await().atMost(PATIENCE).until(() -> two.received().size() == 1);

        await().pollDelay(WireEnd.SILENCE_MAX.multipliedBy(3)).atMost(PATIENCE).until(() -> true);

        assertThat(one.lost()).isEmpty();
        assertThat(two.lost()).isEmpty();
    }

    @Test
    void shouldConnectAgainToAPeerThatWasAway() throws IOException {
        WireEnd one = end(ONE, "realm");
        int port;
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = free.getLocalPort();
        }
        one.wire().addPeer(TWO, "127.0.0.1:" + port);
        assertThat(one.wire().send(TWO, vote(1))).isTrue();
        await().atMost(PATIENCE).until(() -> one.lost().contains(Lane.URGENT));

        WireEnd two = end(TWO, "realm");
        one.wire().addPeer(TWO, two.address());

        await().atMost(PATIENCE)
                .until(() -> one.wire().send(TWO, vote(2)) && !two.received().isEmpty());
    }

    @Test
    void shouldReleaseFramesThatCannotBeSent() {
        ByteBuf frame = MessageCodec.encode(vote(1), ByteBufAllocator.DEFAULT);
        Connection never = Connection.dialed(new NoContext(), new Hello("r", ONE, TWO, Lane.URGENT));

        assertThat(never.offer(frame, 1 << 20)).isFalse();

        assertThat(frame.refCnt()).isZero();
    }
}

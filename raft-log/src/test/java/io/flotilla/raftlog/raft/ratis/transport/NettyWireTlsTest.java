package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.ratis.transport.Refusals.Reason;
import io.flotilla.raftlog.raft.tls.PeerCertificate;
import io.flotilla.raftlog.raft.tls.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real connections on the loopback address, with real certificates. */
class NettyWireTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(3);
    private static final int MIB = 1024 * 1024;
    private static final UUID GROUP = new UUID(4, 4);
    private static final String REALM = "realm";
    private static final RaftPeerId ONE = RaftPeerId.valueOf("1-a");
    private static final RaftPeerId TWO = RaftPeerId.valueOf("2-b");
    private static final RaftPeerId STRANGER = RaftPeerId.valueOf("9-z");
    private static final TestAuthority CA = new TestAuthority("ca");
    /** Of the same name, since a peer shows nothing at all to one whose authorities have other names. */
    private static final TestAuthority OTHER_CA = new TestAuthority("ca");

    /** What is wrong with the certificate of 9-z, which trusts the right authority, and what its peers say to it. */
    enum Wrong {
        OTHER_BROKER(Reason.WRONG_CERTIFICATE) {
            @Override
            X509Bundle certificate() {
                return CA.sign(nameOf(REALM, ONE));
            }
        },
        OTHER_REALM(Reason.WRONG_CERTIFICATE) {
            @Override
            X509Bundle certificate() {
                return CA.sign(nameOf("another", STRANGER));
            }
        },
        NO_NAME(Reason.WRONG_CERTIFICATE) {
            @Override
            X509Bundle certificate() {
                return CA.sign("https://example.org");
            }
        },
        OTHER_AUTHORITY(Reason.TLS_FAILED) {
            @Override
            X509Bundle certificate() {
                return OTHER_CA.sign(nameOf(REALM, STRANGER));
            }
        },
        EXPIRED(Reason.TLS_FAILED) {
            @Override
            X509Bundle certificate() {
                return CA.signExpired(nameOf(REALM, STRANGER));
            }
        };

        private final Reason reason;

        Wrong(Reason reason) {
            this.reason = reason;
        }

        abstract X509Bundle certificate();
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private WireEnd one;
    private WireEnd two;

    /** Two that get on well with each other, and must whatever others do. */
    @BeforeEach
    void connect() throws IOException {
        one = good(ONE);
        two = good(TWO);
        one.wire().addPeer(TWO, two.address());
        assertThat(one.wire().send(TWO, vote(1))).isTrue();
        await().atMost(PATIENCE).until(() -> two.received().size() == 1);
    }

    @AfterEach
    void shouldServeOthersStill() throws Exception {
        int before = two.received().size();
        assertThat(one.wire().send(TWO, vote(2))).isTrue();
        await().atMost(PATIENCE).until(() -> two.received().size() == before + 1);
        assertThat(one.lost()).doesNotContain(Lane.URGENT);
        assertThat(two.connected()).containsOnlyOnce(Lane.URGENT);
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static String nameOf(String realm, RaftPeerId peer) {
        return PeerCertificate.nameOf(realm, peer.toString());
    }

    private WireEnd good(RaftPeerId self) throws IOException {
        return end(self, WireTls.of(CA.identity(CA.sign(nameOf(REALM, self)))));
    }

    private WireEnd end(RaftPeerId self, @Nullable WireTls tls) throws IOException {
        WireEnd end = WireEnd.start(self, REALM, SILENCE_MAX, tls);
        open.add(end);
        return end;
    }

    private static Message vote(long call) {
        return Message.of(
                Kind.VOTE_REPLY,
                GROUP,
                call,
                RequestVoteReplyProto.newBuilder().setTerm(call).build());
    }

    private static Message bulk(int bytes) {
        return Message.of(Kind.APPEND_FAILED, GROUP, bytes, StringValue.of("x".repeat(bytes)));
    }

    @Test
    void shouldCarryMessagesOfBothLanesBothWays() {
        for (int call = 2; call <= 100; call++) {
            assertThat(one.wire().send(TWO, call % 2 == 0 ? vote(call) : bulk(call)))
                    .isTrue();
        }
        await().atMost(PATIENCE).until(() -> two.received().size() == 100);
        assertThat(two.wire().send(ONE, vote(7))).isTrue();
        assertThat(two.wire().send(ONE, bulk(8))).isTrue();
        await().atMost(PATIENCE).until(() -> one.received().size() == 2);

        assertThat(two.connected()).containsExactlyInAnyOrder(Lane.URGENT, Lane.BULK);
        assertThat(one.connected()).containsExactlyInAnyOrder(Lane.URGENT, Lane.BULK);
    }

    @Test
    void shouldCarryBigFramesUnchanged() {
        for (int i = 0; i < 16; i++) {
            Message big = bulk(MIB + i);
            int count = i + 2;

            assertThat(one.wire().send(TWO, big)).isTrue();

            await().atMost(PATIENCE).until(() -> two.received().size() == count);
            assertThat(two.received().get(i + 1)).isEqualTo(big);
        }
    }

    @Test
    void shouldKeepAnIdleConnection() {
        await().pollDelay(SILENCE_MAX.multipliedBy(2)).atMost(PATIENCE).until(() -> true);

        assertThat(one.lost()).isEmpty();
        assertThat(two.lost()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAPeerWithAWrongCertificate(Wrong wrong) throws IOException {
        WireEnd stranger = end(STRANGER, WireTls.of(CA.identity(wrong.certificate())));
        stranger.wire().addPeer(TWO, two.address());

        assertThat(stranger.wire().send(TWO, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> two.refusals().count(wrong.reason) > 0);
        await().atMost(PATIENCE).until(() -> stranger.lost().contains(Lane.URGENT));
        assertThat(two.received()).hasSize(1);
        assertThat(stranger.connected()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToTalkToAServerWithAWrongCertificate(Wrong wrong) throws IOException {
        WireEnd stranger = end(STRANGER, WireTls.of(CA.identity(wrong.certificate())));
        two.wire().addPeer(STRANGER, stranger.address());

        assertThat(two.wire().send(STRANGER, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> two.refusals().count(wrong.reason) > 0);
        await().atMost(PATIENCE).until(() -> two.lost().contains(Lane.URGENT));
        assertThat(stranger.received()).isEmpty();
    }

    @Test
    void shouldRefuseAPeerWithoutACertificate() throws Exception {
        SSLContext nameless = SSLContext.getInstance("TLSv1.3");
        nameless.init(null, new TrustManager[] {CA.sign(nameOf(REALM, STRANGER)).toTrustManager()}, null);
        try (Socket stranger = nameless.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), two.port())) {
            stranger.getOutputStream().write(1);

            await().atMost(PATIENCE).until(() -> two.refusals().count(Reason.TLS_FAILED) > 0);
        }
    }

    @Test
    void shouldRefuseOlderTls() throws Exception {
        SSLContext older = SSLContext.getInstance("TLSv1.2");
        X509Bundle own = CA.sign(nameOf(REALM, STRANGER));
        older.init(own.toKeyManagerFactory().getKeyManagers(), new TrustManager[] {own.toTrustManager()}, null);
        try (Socket stranger = older.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), two.port())) {
            assertThat(readsEnd(stranger)).isTrue();

            await().atMost(PATIENCE).until(() -> two.refusals().count(Reason.TLS_FAILED) > 0);
        }
    }

    @Test
    void shouldRefuseAPeerThatSpeaksPlainText() throws IOException {
        WireEnd plain = end(STRANGER, null);
        plain.wire().addPeer(TWO, two.address());

        assertThat(plain.wire().send(TWO, vote(1))).isTrue();

        await().atMost(PATIENCE).until(() -> two.refusals().count(Reason.OTHER_ENCRYPTION) > 0);
        await().atMost(PATIENCE).until(() -> plain.lost().contains(Lane.URGENT));
    }

    @Test
    void shouldRefuseAPeerThatSpeaksTlsToAPlainServer() throws IOException {
        WireEnd plain = end(STRANGER, null);
        one.wire().addPeer(STRANGER, plain.address());

        assertThat(one.wire().send(STRANGER, bulk(1))).isTrue();

        await().atMost(PATIENCE).until(() -> plain.refusals().count(Reason.OTHER_ENCRYPTION) > 0);
        await().atMost(PATIENCE).until(() -> one.lost().contains(Lane.BULK));
    }

    @Test
    void shouldEndHandshakesThatDoNotEnd() throws IOException {
        byte[] beginOfAHandshakeOf16KiB = {0x16, 3, 3, 0x40, 0, 1, 0, 0x3F, (byte) 0xFC};
        try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), two.port());
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
            slow.getOutputStream().write(beginOfAHandshakeOf16KiB);

            assertThat(readsEnd(mute)).isTrue();
            assertThat(readsEnd(slow)).isTrue();
        }
    }

    /** Whether the other side ends the connection, in whatever way. */
    private static boolean readsEnd(Socket socket) throws IOException {
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        try {
            byte[] farewell = socket.getInputStream().readAllBytes();
            return farewell.length < 64;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}

package io.flotilla.chaos.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broker 1 is a server of this test; broker 2 is this very process, when it says so. */
class LinkProxiesTest {
    private static final int SILENCE_MILLIS = 200;
    private static final int SOON_MILLIS = 5_000;

    private LinkProxies proxies;
    private EchoServer echo;

    @BeforeEach
    void open() throws IOException {
        proxies = LinkProxies.open(List.of(1, 2));
        echo = EchoServer.start(true);
        proxies.target(1, Listener.GRPC, echo.address());
    }

    @AfterEach
    void close() throws IOException {
        proxies.close();
        echo.close();
    }

    @Test
    void shouldPassBytesAndCountThem() throws IOException {
        try (Socket client = connect(1)) {
            assertThat(ask(client, 'a')).isEqualTo('a');
        }

        awaitCount(1, () -> proxies.counters(Links.CLIENTS, 1).passed());
        awaitCount(1, () -> proxies.counters(1, Links.CLIENTS).passed());
    }

    @Test
    void shouldTellBrokersFromClientsByTheirProcess() throws IOException {
        proxies.sources(() -> Map.of(2, ProcessHandle.current().pid()));
        try (Socket broker = connect(1)) {
            assertThat(ask(broker, 'a')).isEqualTo('a');
        }

        awaitCount(1, () -> proxies.counters(2, 1).passed());
        assertThat(proxies.counters(Links.CLIENTS, 1).passed()).isZero();
    }

    @Test
    void shouldKeepConnectionsOpenAndSilentWhileCut() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.cut(Links.CLIENTS, 1);
            client.getOutputStream().write('b');
            assertSilent(client);
            await().untilAsserted(() ->
                    assertThat(proxies.counters(Links.CLIENTS, 1).stopped()).isEqualTo(1));

            proxies.heal(Links.CLIENTS, 1);
            client.setSoTimeout(SOON_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void shouldCutOneDirectionOnly() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.cut(1, Links.CLIENTS);
            client.getOutputStream().write('b');
            assertSilent(client);

            await().untilAsserted(() -> assertThat(echo.received()).isEqualTo(2));
            assertThat(proxies.counters(1, Links.CLIENTS).stopped()).isEqualTo(1);
            assertThat(proxies.counters(Links.CLIENTS, 1).stopped()).isZero();
        }
    }

    @Test
    void shouldNotEstablishConnectionsWhileOneDirectionIsCut() throws IOException {
        proxies.cut(1, Links.CLIENTS);
        try (Socket client = connect(1)) {
            client.getOutputStream().write('a');
            assertSilent(client);
            assertThat(echo.received()).isZero();

            proxies.healAll();
            client.setSoTimeout(SOON_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo('a');
        }
    }

    @Test
    void shouldHoldBackTheNewsThatOneEndHasGone() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.cut(1, Links.CLIENTS);
            // The server ends its side once the client has ended its own.
            client.shutdownOutput();
            assertSilent(client);

            proxies.healAll();
            client.setSoTimeout(SOON_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldResetConnectionsAndRefuseNewOnes() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.refuse(Links.CLIENTS, 1);
            assertReset(client);
        }
        try (Socket refused = connect(1)) {
            assertReset(refused);
        }
        awaitCount(2, () -> proxies.counters(Links.CLIENTS, 1).reset());

        proxies.healAll();
        try (Socket client = connect(1)) {
            assertThat(ask(client, 'b')).isEqualTo('b');
        }
    }

    @Test
    void shouldLeaveConnectionsHalfOpenAndServeNewOnes() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.rule(1, Links.CLIENTS, LinkRule.NONE.withForgotten());
            proxies.forget(Links.CLIENTS, 1);
            client.getOutputStream().write('b');
            assertSilent(client);
            try (Socket fresh = connect(1)) {
                assertThat(ask(fresh, 'c')).isEqualTo('c');
            }

            proxies.healAll();
            assertReset(client);
        }
    }

    @Test
    void shouldDelayOneDirection() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.delay(1, Links.CLIENTS, Duration.ofMillis(150), Duration.ofMillis(20));
            long start = System.nanoTime();
            ask(client, 'b');

            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(150L, 1_000L);
            awaitCount(1, () -> proxies.counters(1, Links.CLIENTS).late());
            assertThat(proxies.counters(Links.CLIENTS, 1).late()).isZero();
        }
    }

    @Test
    void shouldNarrowALink() throws IOException {
        try (Socket client = connect(1)) {
            ask(client, 'a');
            proxies.narrow(Links.CLIENTS, 1, 100_000);
            long start = System.nanoTime();
            client.getOutputStream().write(new byte[50_000]);
            client.setSoTimeout(SOON_MILLIS);
            client.getInputStream().readNBytes(50_000);

            // The first piece goes at once.
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(400L, 2_000L);
            await().untilAsserted(() ->
                    assertThat(proxies.counters(Links.CLIENTS, 1).narrowed()).isEqualTo(50_000));
        }
    }

    @Test
    void shouldResetWhileTheBrokerIsDownAndServeOnceItIsBack() throws IOException {
        echo.close();
        try (Socket client = connect(1)) {
            assertReset(client);
        }
        try (Socket client = connect(2)) {
            assertReset(client);
        }

        EchoServer back = EchoServer.start(true);
        proxies.target(1, Listener.GRPC, back.address());
        try (back;
                Socket client = connect(1)) {
            assertThat(ask(client, 'b')).isEqualTo('b');
        }
    }

    @Test
    void shouldMakeTheSenderWaitWhenTooMuchIsHeldBack() throws IOException {
        long tooMuch = 64L << 20;
        try (SocketChannel client = SocketChannel.open(proxyOf(1))) {
            proxies.cut(Links.CLIENTS, 1);
            client.configureBlocking(false);
            ByteBuffer block = ByteBuffer.allocate(64 << 10);
            long sent = 0;
            int count = -1;
            long lastProgress = System.nanoTime();
            while (sent < tooMuch && System.nanoTime() - lastProgress < TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS)) {
                block.clear();
                count = client.write(block);
                sent += count;
                lastProgress = count > 0 ? System.nanoTime() : lastProgress;
            }
            assertThat(sent).isLessThan(tooMuch);
            assertThat(proxies.counters(Links.CLIENTS, 1).stopped())
                    .isLessThan(ProxyStream.HELD_BYTES_MAX + (512 << 10));

            long all = sent;
            proxies.healAll();
            await().untilAsserted(() -> assertThat(echo.received()).isEqualTo(all));
        }
    }

    private InetSocketAddress proxyOf(int node) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxies.proxyPort(node, Listener.GRPC));
    }

    private Socket connect(int node) throws IOException {
        InetSocketAddress proxy = proxyOf(node);
        return new Socket(proxy.getAddress(), proxy.getPort());
    }

    private static int ask(Socket client, int letter) throws IOException {
        client.setSoTimeout(SOON_MILLIS);
        client.getOutputStream().write(letter);
        return client.getInputStream().read();
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    private static void assertReset(Socket client) throws IOException {
        client.setSoTimeout(SOON_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read()).isExactlyInstanceOf(SocketException.class);
    }

    /** Bytes are counted once they have been passed on, which their receiver may see before. */
    private static void awaitCount(long expected, LongSupplier counter) {
        await().untilAsserted(() -> assertThat(counter.getAsLong()).isEqualTo(expected));
    }
}

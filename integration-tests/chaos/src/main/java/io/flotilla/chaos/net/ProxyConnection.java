package io.flotilla.chaos.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * One connection through a proxy. As over a real network, it is established only once packets pass in both directions;
 * and one end learns that the other has gone only if the link between them carries the news.
 *
 * <p>Threading: confined to the loop of the proxies.
 */
final class ProxyConnection {
    private enum Stage {
        WAITING,
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final ProxyLoop loop;
    private final SocketChannel near;
    private final SocketChannel far;
    private final InetSocketAddress target;
    private final ProxyStream forth;
    private final ProxyStream back;
    private final long acceptedNanos = System.nanoTime();
    private Stage stage = Stage.WAITING;
    private Optional<Long> alarm = Optional.empty();

    private ProxyConnection(
            ProxyLoop loop, SocketChannel near, SocketChannel far, InetSocketAddress target, Link forth, Link back) {
        this.loop = loop;
        this.near = near;
        this.far = far;
        this.target = target;
        this.forth = new ProxyStream(forth, acceptedNanos);
        this.back = new ProxyStream(back, acceptedNanos);
    }

    /**
     * Takes over a connection that was accepted.
     *
     * @param forth link from the one who has opened it to the target
     * @param back  link in the other direction
     */
    static void begin(ProxyLoop loop, SocketChannel near, InetSocketAddress target, Link forth, Link back)
            throws IOException {
        SocketChannel far = SocketChannel.open();
        near.configureBlocking(false);
        far.configureBlocking(false);
        near.setOption(StandardSocketOptions.TCP_NODELAY, true);
        far.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ProxyConnection connection = new ProxyConnection(loop, near, far, target, forth, back);
        loop.submit(() -> {
            loop.add(connection);
            connection.step();
        });
    }

    /** Whether one end has opened this connection to the other. */
    boolean isFrom(int from, int to) {
        return forth.link().from == from && forth.link().to == to;
    }

    void ready(SelectionKey key) {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.isConnectable()) {
                finishConnecting();
            } else if (key.isReadable()) {
                read(key.channel() == near);
            }
        } catch (CancelledKeyException closedMeanwhile) {
            return;
        }
        step();
    }

    private void finishConnecting() {
        try {
            far.finishConnect();
            stage = Stage.OPEN;
        } catch (IOException refused) {
            abort();
        }
    }

    private void read(boolean fromNear) {
        try {
            if (fromNear) {
                forth.read(near, far, loop.buffer());
            } else {
                back.read(far, near, loop.buffer());
            }
        } catch (IOException reset) {
            lose(fromNear);
        }
    }

    /** One end is gone: what was for it goes nowhere, and the other end is told as soon as its link allows. */
    private void lose(boolean nearIsGone) {
        if (stage != Stage.OPEN) {
            abort();
            return;
        }
        (nearIsGone ? forth : back).resetBySender();
        (nearIsGone ? back : forth).discard();
        closeByReset(nearIsGone ? near : far);
    }

    /** Does what can be done now, and sees to it that it is called again when more can be. */
    void step() {
        if (stage == Stage.CLOSED) {
            return;
        }
        long now = System.nanoTime();
        try {
            if (stage == Stage.WAITING) {
                connect(now);
            }
            if (stage == Stage.OPEN) {
                ProxyStream.Progress there = forth.step(far, now);
                ProxyStream.Progress andBack = back.step(near, now);
                boolean reset = there == ProxyStream.Progress.RESET || andBack == ProxyStream.Progress.RESET;
                if (reset || (forth.isShut() && back.isShut()) || (!near.isOpen() && !far.isOpen())) {
                    if (reset) {
                        abort();
                    } else {
                        close();
                    }
                    return;
                }
            }
            attend(now);
        } catch (IOException failure) {
            abort();
        }
    }

    private void connect(long nowNanos) throws IOException {
        if (forth.link().rule().refuse()) {
            forth.link().reset.increment();
            abort();
            return;
        }
        LinkRule there = forth.link().rule();
        LinkRule andBack = back.link().rule();
        long readyNanos = acceptedNanos + there.delayNanos() + andBack.delayNanos();
        if (there.cut() || andBack.cut()) {
            // Bytes that are sent before the connection is there wait in the sender's buffers.
            return;
        }
        if (readyNanos - nowNanos > 0) {
            wake(readyNanos);
            return;
        }
        stage = Stage.CONNECTING;
        if (far.connect(target)) {
            stage = Stage.OPEN;
        }
    }

    /** Registers what to wait for. */
    private void attend(long nowNanos) throws IOException {
        if (stage == Stage.CLOSED) {
            return;
        }
        interest(near, (forth.wantsToRead() ? SelectionKey.OP_READ : 0) | writing(back));
        if (stage == Stage.CONNECTING) {
            interest(far, SelectionKey.OP_CONNECT);
        } else if (stage == Stage.OPEN) {
            interest(far, (back.wantsToRead() ? SelectionKey.OP_READ : 0) | writing(forth));
            wakeFor(forth, nowNanos);
            wakeFor(back, nowNanos);
        }
    }

    private static int writing(ProxyStream stream) {
        return stream.wantsToWrite() ? SelectionKey.OP_WRITE : 0;
    }

    private void interest(SocketChannel channel, int operations) throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        SelectionKey key = channel.keyFor(loop.selector());
        if (key == null) {
            channel.register(loop.selector(), operations, this);
        } else if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    private void wakeFor(ProxyStream stream, long nowNanos) {
        Optional<Long> time = stream.waitsUntil().filter(due -> due - nowNanos > 0);
        if (time.isPresent() && !stream.link().rule().cut()) {
            wake(time.get());
        }
    }

    private void wake(long atNanos) {
        if (alarm.filter(set -> set - atNanos <= 0).isEmpty()) {
            alarm = Optional.of(atNanos);
            loop.wake(this, atNanos);
        }
    }

    /** A time has come for which this connection has asked to be woken. */
    void ring() {
        alarm = Optional.empty();
        step();
    }

    /** Both ends are reset. */
    void reset() {
        if (stage != Stage.CLOSED) {
            forth.link().reset.increment();
            abort();
        }
    }

    /** The target's end is reset, and the other end is not told before its link is healed. */
    void forget() {
        if (stage == Stage.OPEN) {
            forth.link().reset.increment();
            lose(false);
            step();
        }
    }

    void abort() {
        closeByReset(near);
        closeByReset(far);
        leave();
    }

    private void close() throws IOException {
        near.close();
        far.close();
        leave();
    }

    private void leave() {
        stage = Stage.CLOSED;
        loop.remove(this);
    }

    private static void closeByReset(SocketChannel channel) {
        try {
            if (channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException alreadyClosed) {
            // The other side was faster.
        }
    }
}

package io.flotilla.chaos.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread through which the bytes of all proxied connections go. It owns the connections; other threads hand it
 * tasks.
 */
final class ProxyLoop implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int TASK_SECONDS_MAX = 10;

    private record Alarm(long atNanos, ProxyConnection connection) {}

    private final Selector selector;
    private final Thread thread = new Thread(this::run, "link-proxies");
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>((one, other) -> Long.signum(one.atNanos() - other.atNanos()));
    private final Set<ProxyConnection> connections = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private volatile boolean closed;

    private ProxyLoop(Selector selector) {
        this.selector = selector;
    }

    static ProxyLoop start() throws IOException {
        ProxyLoop loop = new ProxyLoop(Selector.open());
        loop.thread.setDaemon(true);
        loop.thread.start();
        return loop;
    }

    Selector selector() {
        return selector;
    }

    /** For bytes on their way through; its contents mean nothing between two calls. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Has something done by the loop, in the order of the calls, without waiting. */
    void submit(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Has something done with every connection, and returns when that is done. */
    void forEach(Consumer<ProxyConnection> action) {
        CountDownLatch done = new CountDownLatch(1);
        submit(() -> {
            new ArrayList<>(connections).forEach(action);
            done.countDown();
        });
        try {
            while (!done.await(TASK_SECONDS_MAX, TimeUnit.SECONDS)) {
                if (!thread.isAlive()) {
                    throw new IllegalStateException("the thread of the link proxies has ended");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while changing links", interrupted);
        }
    }

    void add(ProxyConnection connection) {
        connections.add(connection);
    }

    void remove(ProxyConnection connection) {
        connections.remove(connection);
    }

    /** Has a connection looked after at a time to come. */
    void wake(ProxyConnection connection, long atNanos) {
        alarms.add(new Alarm(atNanos, connection));
    }

    private void run() {
        try {
            while (!closed) {
                selectUntilAlarm();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (SelectionKey key : ready) {
                    ((ProxyConnection) key.attachment()).ready(key);
                }
                ringAlarms();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the selector of the link proxies failed", failure);
        } finally {
            new ArrayList<>(connections).forEach(ProxyConnection::abort);
        }
    }

    private void selectUntilAlarm() throws IOException {
        Alarm next = alarms.peek();
        if (next == null) {
            selector.select();
            return;
        }
        long nanos = next.atNanos() - System.nanoTime();
        if (nanos > 0) {
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        } else {
            selector.selectNow();
        }
    }

    private void ringAlarms() {
        long now = System.nanoTime();
        for (Alarm next = alarms.peek(); next != null && next.atNanos() - now <= 0; next = alarms.peek()) {
            alarms.remove();
            next.connection().ring();
        }
    }

    /** Resets all connections and ends the thread. May be called twice. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(TASK_SECONDS_MAX));
            selector.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the selector of the link proxies", failure);
        }
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to one peer in one lane: a connection that either side has opened, or the attempt to open one. Usually there is
 * one; when both sides opened one at a time, both stay, and each side sends over that which it had first.
 *
 * <p>An attempt is made when something is to be sent. What is sent meanwhile waits, up to a bound; after a failure
 * nothing is taken for a pause that doubles each time.
 *
 * <p>Threading: safe for all threads; nothing in here blocks.
 */
final class PeerLane {
    private static final int WAITING_MAX = 4096;
    private static final long PAUSE_MILLIS_MIN = 20;
    private static final long PAUSE_MILLIS_MAX = 1000;

    private final Runnable dial;
    private final long queuedBytesMax;
    private final List<Connection> live = new ArrayList<>();
    private final Queue<Message> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean dialing;
    private int failures;
    private long pausedUntilNanos;

    /** @param dial begins to open a connection, without waiting for it */
    PeerLane(Runnable dial, long queuedBytesMax) {
        this.dial = dial;
        this.queuedBytesMax = queuedBytesMax;
    }

    boolean send(Message message) {
        Connection connection;
        boolean begin;
        synchronized (this) {
            connection = live.isEmpty() ? null : live.get(0);
            begin = connection == null && !dialing && !isPaused();
            if (connection == null) {
                if (!dialing && !begin) {
                    return false;
                }
                dialing = true;
                if (!waits(message)) {
                    return false;
                }
            }
        }
        if (connection != null) {
            return offer(connection, message);
        }
        if (begin) {
            dial.run();
        }
        return true;
    }

    private boolean waits(Message message) {
        int bytes = MessageCodec.frameBytes(message);
        if (waiting.size() >= WAITING_MAX || (waitingBytes + bytes > queuedBytesMax && !waiting.isEmpty())) {
            return false;
        }
        waiting.add(message);
        waitingBytes += bytes;
        return true;
    }

    private boolean isPaused() {
        return failures > 0 && System.nanoTime() - pausedUntilNanos < 0;
    }

    private boolean offer(Connection connection, Message message) {
        return connection.offer(MessageCodec.encode(message, ByteBufAllocator.DEFAULT), queuedBytesMax);
    }

    /** @return a connection that this one replaces, to be closed */
    synchronized @Nullable Connection ready(Connection connection) {
        Connection replaced = null;
        if (connection.isDialed()) {
            dialing = false;
        } else {
            // The peer opens one after it has lost the last, maybe before this side has noticed.
            replaced =
                    live.stream().filter(other -> !other.isDialed()).findFirst().orElse(null);
            live.remove(replaced);
        }
        failures = 0;
        live.add(connection);
        for (Message message = waiting.poll(); message != null; message = waiting.poll()) {
            offer(connection, message);
        }
        waitingBytes = 0;
        return replaced;
    }

    /** Milliseconds since anything came over a connection of this lane; empty if none is up. */
    synchronized OptionalLong silentMillis() {
        return live.stream().mapToLong(Connection::silentMillis).min();
    }

    /** The connection has ended. */
    synchronized void closed(Connection connection) {
        live.remove(connection);
    }

    /**
     * The attempt to open a connection failed.
     *
     * @return false if the peer has opened one meanwhile, so that nothing is lost
     */
    synchronized boolean notConnected() {
        dialing = false;
        failures++;
        long millis = AppendRules.pauseMillis(failures, PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX);
        long jitter = ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        pausedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis - jitter);
        if (!live.isEmpty()) {
            return false;
        }
        waiting.clear();
        waitingBytes = 0;
        return true;
    }
}

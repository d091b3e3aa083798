package io.flotilla.chaos.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One direction of a proxied connection: what was read from one end and has not yet been written to the other. Bytes keep
 * their order; the end of the stream, and its reset, are held back like bytes, so that a cut link tells nobody anything.
 *
 * <p>Threading: confined to the loop of the proxies.
 */
final class ProxyStream {
    /** Of one direction of one connection; past it nothing more is read, so that the sender has to wait. */
    static final int HELD_BYTES_MAX = 1 << 20;

    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Held(Kind kind, ByteBuffer bytes, long dueNanos) {}

    /** What a step has come to. */
    enum Progress {
        /** All that was held has gone. */
        DONE,
        /** The link is cut: only a change of it helps. */
        CUT,
        /** The time must come at which the next bytes may go. */
        EARLY,
        /** The receiver's socket takes no more for now. */
        FULL,
        /** The sender has reset the connection, and the receiver is to see it. */
        RESET
    }

    private final Link link;
    private final Deque<Held> held = new ArrayDeque<>();
    private long heldBytes;
    private long lastDueNanos;
    private boolean ended;
    private boolean shut;
    private boolean discarding;
    private boolean full;

    ProxyStream(Link link, long nowNanos) {
        this.link = link;
        this.lastDueNanos = nowNanos;
    }

    Link link() {
        return link;
    }

    boolean wantsToRead() {
        return !ended && (discarding || heldBytes < HELD_BYTES_MAX);
    }

    boolean wantsToWrite() {
        return full;
    }

    /** Whether the sender's end of the stream has been passed on. */
    boolean isShut() {
        return shut;
    }

    /** Whether nothing more will be read. */
    boolean isEnded() {
        return ended;
    }

    /** Reads what has come, and passes it on at once if the link is free. */
    void read(SocketChannel from, SocketChannel to, ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = from.read(buffer);
        if (count < 0) {
            hold(Kind.END, ByteBuffer.allocate(0));
            ended = true;
            return;
        }
        buffer.flip();
        LinkRule rule = link.rule();
        if (discarding || rule.cut()) {
            link.stopped.add(count);
        }
        if (discarding) {
            return;
        }
        if (held.isEmpty() && rule.isFree() && to.isConnected()) {
            link.took(writeOrEnd(to, buffer), 0, rule);
        }
        if (buffer.hasRemaining()) {
            hold(Kind.BYTES, ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
        }
    }

    /** A receiver that is gone is the business of its own stream, which ends when it is read. */
    private int writeOrEnd(SocketChannel to, ByteBuffer bytes) {
        try {
            return to.write(bytes);
        } catch (IOException gone) {
            discard();
            int count = bytes.remaining();
            bytes.position(bytes.limit());
            return count;
        }
    }

    /** The sender has reset the connection, or died. */
    void resetBySender() {
        if (!ended) {
            ended = true;
            hold(Kind.RESET, ByteBuffer.allocate(0));
        }
    }

    /** The receiver is gone and takes nothing any more; what still comes goes nowhere. */
    void discard() {
        discarding = true;
        full = false;
        held.removeIf(piece -> piece.kind() == Kind.BYTES);
        heldBytes = 0;
    }

    private void hold(Kind kind, ByteBuffer bytes) {
        lastDueNanos = Math.max(lastDueNanos, link.dueNanos(System.nanoTime())); // jitter must not reorder a stream
        held.add(new Held(kind, bytes, lastDueNanos));
        heldBytes += bytes.remaining();
    }

    /** Passes on what may go now. */
    Progress step(SocketChannel to, long nowNanos) {
        full = false;
        for (Held next = held.peek(); next != null; next = held.peek()) {
            LinkRule rule = link.rule();
            if (rule.cut() || (next.kind() == Kind.RESET && rule.forgotten())) {
                return Progress.CUT;
            }
            if (waitsUntil(next, rule).filter(time -> time - nowNanos > 0).isPresent()) {
                return Progress.EARLY;
            }
            if (next.kind() == Kind.RESET) {
                return Progress.RESET;
            }
            if (next.kind() == Kind.END) {
                held.remove();
                end(to);
            } else if (!write(next.bytes(), to, nowNanos)) {
                full = true;
                return Progress.FULL;
            } else if (!discarding && !next.bytes().hasRemaining()) { // else it was dropped with all others
                held.remove();
            }
        }
        return Progress.DONE;
    }

    /** When the next bytes may go; empty if no time is what they wait for. */
    Optional<Long> waitsUntil() {
        return Optional.ofNullable(held.peek()).flatMap(next -> waitsUntil(next, link.rule()));
    }

    private Optional<Long> waitsUntil(Held next, LinkRule rule) {
        long time = rule.isLate() ? next.dueNanos() : Long.MIN_VALUE;
        if (rule.isNarrow()) {
            time = Math.max(time, link.freeAtNanos());
        }
        return time == Long.MIN_VALUE ? Optional.empty() : Optional.of(time);
    }

    private void end(SocketChannel to) {
        shut = true;
        try {
            to.shutdownOutput();
        } catch (IOException gone) {
            discard();
        }
    }

    /** Writes a piece; false if the receiver's socket took less than it was offered. */
    private boolean write(ByteBuffer bytes, SocketChannel to, long nowNanos) {
        int limit = bytes.limit();
        LinkRule rule = link.rule();
        int offered = Math.min(bytes.remaining(), link.pieceBytes());
        bytes.limit(bytes.position() + offered);
        int written = writeOrEnd(to, bytes);
        bytes.limit(limit);
        heldBytes = Math.max(0, heldBytes - written);
        link.took(written, nowNanos, rule);
        return written == offered;
    }
}

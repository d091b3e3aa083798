package io.flotilla.chaos.net;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The state of one directed link that leads through proxies.
 *
 * <p>Threading: the rule and the counters are read by any thread; all else belongs to the loop of the proxies.
 */
final class Link {
    /** A narrow link passes pieces of this part of a second. */
    private static final int PIECES_PER_SECOND = 20;

    private static final int PIECE_BYTES_MAX = 64 << 10;

    final int from;
    final int to;
    private volatile LinkRule rule = LinkRule.NONE;
    private long freeAtNanos;

    final LongAdder passed = new LongAdder();
    final LongAdder stopped = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder narrowed = new LongAdder();
    final LongAdder reset = new LongAdder();

    Link(int from, int to, long nowNanos) {
        this.from = from;
        this.to = to;
        this.freeAtNanos = nowNanos;
    }

    LinkRule rule() {
        return rule;
    }

    void rule(LinkRule changed) {
        rule = changed;
    }

    /** When what has come now is due at the other end. */
    long dueNanos(long nowNanos) {
        LinkRule now = rule;
        long jitter = now.jitterNanos() == 0 ? 0 : ThreadLocalRandom.current().nextLong(now.jitterNanos() + 1);
        return nowNanos + now.delayNanos() + jitter;
    }

    /** When a narrow link can take its next piece. */
    long freeAtNanos() {
        return freeAtNanos;
    }

    /** Bytes that may go through at once when the link is free. */
    int pieceBytes() {
        long rate = rule.bytesPerSecond();
        return rate == 0 ? Integer.MAX_VALUE : (int) Math.max(1, Math.min(PIECE_BYTES_MAX, rate / PIECES_PER_SECOND));
    }

    /**
     * Notes that bytes went through, which keeps a narrow link busy for a while.
     *
     * @param ruled by which they did: there may be another one since
     */
    void took(int bytes, long nowNanos, LinkRule ruled) {
        if (ruled.isNarrow()) {
            freeAtNanos = Math.max(freeAtNanos, nowNanos) + bytes * 1_000_000_000L / ruled.bytesPerSecond();
            narrowed.add(bytes);
        } else if (ruled.isLate()) {
            late.add(bytes);
        } else {
            passed.add(bytes);
        }
    }

    LinkCounters counters() {
        return new LinkCounters(passed.sum(), stopped.sum(), late.sum(), narrowed.sum(), 0, 0, reset.sum());
    }
}

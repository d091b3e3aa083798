package io.flotilla.chaos.workload;

import java.util.concurrent.locks.LockSupport;

/**
 * Spreads pieces of work evenly over time. Who is late may catch up a bounded backlog in a burst.
 *
 * <p>Threading: confined to the thread that is paced.
 */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BACKLOG_SECONDS_MAX = 2;

    /** No wait is longer, so that a thread that is to end hears of it. */
    private static final long WAIT_NANOS_MAX = 500_000_000;

    private final double perSecond;
    private double dueNanos = System.nanoTime();

    Pace(double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("rate " + perSecond + " is not above 0");
        }
        this.perSecond = perSecond;
    }

    /** Waits a while if nothing is due; whether something is. */
    boolean awaitDue() {
        long waitNanos = (long) (dueNanos - System.nanoTime());
        if (waitNanos > 0) {
            LockSupport.parkNanos(Math.min(waitNanos, WAIT_NANOS_MAX));
        }
        return dueNanos - System.nanoTime() <= 0;
    }

    /** So many pieces were done. */
    void done(int pieces) {
        double earliest = System.nanoTime() - BACKLOG_SECONDS_MAX * NANOS_PER_SECOND;
        dueNanos = Math.max(dueNanos, earliest) + pieces * NANOS_PER_SECOND / perSecond;
    }
}

package io.flotilla.cluster.traffic;

import java.util.concurrent.locks.LockSupport;

/**
 * Spreads calls evenly over time, to a rate: call {@code n} is due {@code n / rate} seconds after the first. A caller
 * that is late goes on without a pause until it has caught up, so that the average holds.
 *
 * <p>Threading: confined to the thread that is paced.
 */
public final class Pacer {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final double intervalNanos;
    private final long firstNanos;
    private long calls;

    /**
     * @param perSecond calls a second, above 0
     */
    public Pacer(double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("rate " + perSecond + " is not above 0");
        }
        intervalNanos = NANOS_PER_SECOND / perSecond;
        firstNanos = System.nanoTime();
    }

    /** Waits until the next call is due, and returns when it was due, in the time of {@link System#nanoTime}. */
    public long awaitNext() {
        long dueNanos = firstNanos + (long) (calls++ * intervalNanos);
        long waitNanos = dueNanos - System.nanoTime();
        while (waitNanos > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(waitNanos);
            waitNanos = dueNanos - System.nanoTime();
        }
        return dueNanos;
    }
}

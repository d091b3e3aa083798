package io.flotilla.client.transport;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from the least to the longest pause, each drawn from the upper half
 * of its range so that many clients do not return together. The first retry towards a leader that was just named does
 * not wait.
 *
 * <p>Threading: confined to its owner's thread.
 */
public final class RetrySchedule {
    private static final int DOUBLINGS_MAX = 30;

    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private int failures;

    /**
     * @param min pause of the first retry, more than 0
     * @param max longest pause, {@code min} or more
     */
    public RetrySchedule(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    /**
     * Counts a failure.
     *
     * @param leaderNamed whether the failure told another broker to ask
     * @return nanoseconds to wait before the next attempt; 0 or more
     */
    public long nextDelayNanos(boolean leaderNamed) {
        int failuresBefore = failures;
        failures = Math.min(failures + 1, DOUBLINGS_MAX);
        if (leaderNamed && failuresBefore == 0) {
            return 0;
        }
        long ceiling = minNanos << Math.min(failuresBefore, DOUBLINGS_MAX);
        long bounded = ceiling <= 0 || ceiling > maxNanos ? maxNanos : ceiling;
        return bounded / 2 + (long) (random.nextDouble() * (bounded - bounded / 2));
    }

    /** Starts over after an attempt that succeeded. */
    public void succeeded() {
        failures = 0;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }
}

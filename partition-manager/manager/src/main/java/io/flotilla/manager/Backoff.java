package io.flotilla.manager;

import java.time.Duration;

/**
 * Pauses that double with each failure in a row.
 *
 * @param first pause after the first failure, 1 ms or more
 * @param max   longest pause, no less than the first
 */
public record Backoff(Duration first, Duration max) {
    public Backoff {
        if (first.toMillis() < 1 || max.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "backoff from " + first + " to " + max + "; allowed: 1 ms or more, and no less at the end");
        }
    }

    /**
     * @param failures failures in a row, 1 or more
     */
    long pauseMillis(int failures) {
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first.toMillis()) - 2);
        return Math.min(first.toMillis() << doublings, max.toMillis());
    }
}

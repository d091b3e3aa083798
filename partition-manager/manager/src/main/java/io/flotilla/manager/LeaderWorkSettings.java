package io.flotilla.manager;

import java.time.Duration;

/**
 * How a broker looks after the groups it leads.
 *
 * @param interval    how often leaderships and moves are looked at although no new image came; more than 0
 * @param changesMax  changes of voters and hand-overs under way at one time, 1 or more; each costs its clients up to a
 *     round trip to the new leader
 * @param returnDelay how long a preferred leader must have been able to lead before it gets its leadership back, so that
 *     a broker which starts, stops and starts again is not given all leaderships each time
 * @param retryDelay  pause after a change that failed
 */
public record LeaderWorkSettings(Duration interval, int changesMax, Duration returnDelay, Duration retryDelay) {
    public static final LeaderWorkSettings DEFAULT =
            new LeaderWorkSettings(Duration.ofSeconds(1), 4, Duration.ofSeconds(5), Duration.ofSeconds(2));

    public LeaderWorkSettings {
        if (changesMax < 1) {
            throw new IllegalArgumentException("changesMax is " + changesMax + "; allowed: 1 or more");
        }
        if (interval.toMillis() < 1 || returnDelay.isNegative() || retryDelay.isNegative()) {
            throw new IllegalArgumentException("interval is " + interval + ", returnDelay " + returnDelay
                    + ", retryDelay " + retryDelay + "; allowed: 1 ms or more, and 0 or more");
        }
    }
}

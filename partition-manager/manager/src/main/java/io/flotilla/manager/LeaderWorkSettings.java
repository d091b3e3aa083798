package io.flotilla.manager;

import java.time.Duration;

/**
 * How a broker looks after the groups it leads.
 *
 * @param interval     how often leaderships and moves are looked at although no new image came; more than 0
 * @param changesMax   changes of voters and hand-overs under way at one time, 1 or more
 * @param handOversMax hand-overs among them, 1 to {@code changesMax}: while one is under way its partition answers nobody,
 *     and several wait for each other's syncs of votes and first entries, so that more at one time make each longer and
 *     all of them hardly shorter
 * @param returnDelay  how long a preferred leader must have been able to lead before it gets its leadership back, so that
 *     a broker which starts, stops and starts again is not given all leaderships each time
 * @param retryDelay   pause after a change that failed
 */
public record LeaderWorkSettings(
        Duration interval, int changesMax, int handOversMax, Duration returnDelay, Duration retryDelay) {
    public static final LeaderWorkSettings DEFAULT =
            new LeaderWorkSettings(Duration.ofSeconds(1), 4, 1, Duration.ofSeconds(5), Duration.ofSeconds(2));

    public LeaderWorkSettings {
        if (changesMax < 1) {
            throw new IllegalArgumentException("changesMax is " + changesMax + "; allowed: 1 or more");
        }
        if (handOversMax < 1 || handOversMax > changesMax) {
            throw new IllegalArgumentException(
                    "handOversMax is " + handOversMax + "; allowed: 1 to changesMax, which is " + changesMax);
        }
        if (interval.toMillis() < 1 || returnDelay.isNegative() || retryDelay.isNegative()) {
            throw new IllegalArgumentException("interval is " + interval + ", returnDelay " + returnDelay
                    + ", retryDelay " + retryDelay + "; allowed: 1 ms or more, and 0 or more");
        }
    }
}

package io.flotilla.manager;

import io.flotilla.metadata.core.Limits;
import java.time.Duration;

/**
 * How the controller goes about its work.
 *
 * @param interval         how often it looks although no new image came; more than 0
 * @param sessionTimeout   a broker not heard of for this long is fenced: it gets no new replicas and no leaderships; more
 *     than {@code interval}
 * @param replacementDelay replicas of a broker that has been fenced for this long are made anew on others; zero for never
 * @param movesMax         partitions that are moving at one time, 1 to {@link Limits#TARGETS_MAX}; each costs the
 *     network and disks a copy of the partition
 * @param retryDelay       pause after a command that failed
 */
public record ControllerSettings(
        Duration interval, Duration sessionTimeout, Duration replacementDelay, int movesMax, Duration retryDelay) {
    public static final ControllerSettings DEFAULT = new ControllerSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofMinutes(30), 8, Duration.ofSeconds(1));

    public ControllerSettings {
        if (interval.toMillis() < 1 || sessionTimeout.compareTo(interval) <= 0) {
            throw new IllegalArgumentException("interval is " + interval + " and sessionTimeout " + sessionTimeout
                    + "; allowed: 1 ms or more, and more than the interval");
        }
        if (replacementDelay.isNegative() || retryDelay.isNegative()) {
            throw new IllegalArgumentException("replacementDelay is " + replacementDelay + " and retryDelay "
                    + retryDelay + "; allowed: 0 or more");
        }
        if (movesMax < 1 || movesMax > Limits.TARGETS_MAX) {
            throw new IllegalArgumentException("movesMax is " + movesMax + "; allowed: 1 to " + Limits.TARGETS_MAX);
        }
    }
}

package io.flotilla.raftlog.partition;

import java.time.Duration;

/**
 * How a broker looks for bytes that its disk has changed.
 *
 * @param interval       pause between two looks at everything; 10 ms to 10 years
 * @param bytesPerSecond how fast it reads, over all partitions; 1 KiB or more
 */
public record ScrubSettings(Duration interval, long bytesPerSecond) {
    /** Once a week, 8 MiB a second. */
    public static final ScrubSettings DEFAULT = new ScrubSettings(Duration.ofDays(7), 8 << 20);

    public ScrubSettings {
        if (interval.toMillis() < 10 || interval.toDays() > 3_650) {
            throw new IllegalArgumentException("scrub interval " + interval + " is outside [10 ms, 3650 days]");
        }
        if (bytesPerSecond < 1 << 10) {
            throw new IllegalArgumentException("scrub bytes per second " + bytesPerSecond + " are below 1024");
        }
    }
}

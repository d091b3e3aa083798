package io.flotilla.manager;

import io.flotilla.metadata.core.Limits;
import java.time.Duration;

/**
 * How a {@link LeaderReporter} goes about its work.
 *
 * @param reportsMax reports in one command, 1 to {@link Limits#LEADER_REPORTS_MAX}
 * @param interval   how often leaderships are looked at; with it, how long clients may see an old leader hint
 * @param patience   how long to wait for an accepted report to appear in the image before it is sent again
 * @param backoff    pauses after commands that failed
 */
public record LeaderReporterSettings(int reportsMax, Duration interval, Duration patience, Backoff backoff) {
    public static final LeaderReporterSettings DEFAULT = new LeaderReporterSettings(
            2_000,
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5)));

    public LeaderReporterSettings {
        if (reportsMax < 1 || reportsMax > Limits.LEADER_REPORTS_MAX) {
            throw new IllegalArgumentException(
                    "reportsMax is " + reportsMax + "; allowed: 1 to " + Limits.LEADER_REPORTS_MAX);
        }
        if (interval.toMillis() < 1 || patience.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "interval is " + interval + " and patience " + patience + "; allowed: 1 ms or more");
        }
    }
}

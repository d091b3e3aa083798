package io.flotilla.manager;

import java.time.Duration;

/**
 * How a {@link Reconciler} goes about its work.
 *
 * @param changesPerStepMax replicas made or deleted before the image is looked at again; 1 or more
 * @param interval          how often image and replicas are compared although nothing was heard; more than 0
 * @param backoff           pauses before the same replica is tried again
 */
public record ReconcilerSettings(int changesPerStepMax, Duration interval, Backoff backoff) {
    public static final ReconcilerSettings DEFAULT = new ReconcilerSettings(
            16, Duration.ofSeconds(5), new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30)));

    public ReconcilerSettings {
        if (changesPerStepMax < 1) {
            throw new IllegalArgumentException("changesPerStepMax is " + changesPerStepMax + "; allowed: 1 or more");
        }
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("interval is " + interval + "; allowed: 1 ms or more");
        }
    }
}

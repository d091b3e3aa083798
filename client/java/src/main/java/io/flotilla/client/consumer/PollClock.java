package io.flotilla.client.consumer;

import io.flotilla.client.metrics.ConsumerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Measures what lies between a user's polls.
 *
 * <p>Threading: confined to whatever thread is inside the consumer.
 */
public final class PollClock {
    private final ConsumerMetrics metrics;
    private @Nullable Long returnedNanos;

    public PollClock(ConsumerMetrics metrics) {
        this.metrics = metrics;
    }

    public void begin() {
        if (returnedNanos != null) {
            metrics.polledAfter(System.nanoTime() - returnedNanos);
        }
    }

    public void end() {
        returnedNanos = System.nanoTime();
    }
}

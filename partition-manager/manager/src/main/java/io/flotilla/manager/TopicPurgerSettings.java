package io.flotilla.manager;

import java.time.Duration;

/**
 * How a {@link TopicPurger} goes about its work.
 *
 * @param interval how often deleted topics are looked at although nothing was heard; 1 ms or more
 * @param backoff  pauses after commands that failed
 */
public record TopicPurgerSettings(Duration interval, Backoff backoff) {
    public static final TopicPurgerSettings DEFAULT =
            new TopicPurgerSettings(Duration.ofSeconds(5), new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30)));

    public TopicPurgerSettings {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("interval is " + interval + "; allowed: 1 ms or more");
        }
    }
}

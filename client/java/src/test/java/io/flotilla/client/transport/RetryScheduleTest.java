package io.flotilla.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final long MILLI = 1_000_000;

    private final RetrySchedule schedule =
            new RetrySchedule(Duration.ofMillis(50), Duration.ofSeconds(1), new Random(1));

    @Test
    void shouldDoubleUpToTheLongestPause() {
        long[] ceilings = {50, 100, 200, 400, 800, 1_000, 1_000};

        for (long ceiling : ceilings) {
            assertThat(schedule.nextDelayNanos(false)).isBetween(ceiling / 2 * MILLI, ceiling * MILLI);
        }
    }

    @Test
    void shouldGoAtOnceToALeaderJustNamedButOnlyOnce() {
        assertThat(schedule.nextDelayNanos(true)).isZero();
        assertThat(schedule.nextDelayNanos(true)).isPositive();
    }

    @Test
    void shouldStartOverAfterASuccess() {
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.nextDelayNanos(false)).isBetween(1L, 1_000 * MILLI);
        }

        schedule.succeeded();

        assertThat(schedule.nextDelayNanos(false)).isLessThanOrEqualTo(50 * MILLI);
    }
}

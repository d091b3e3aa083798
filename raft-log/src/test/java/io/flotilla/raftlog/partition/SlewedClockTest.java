package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlewedClockTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final SlewedClock clock = new SlewedClock(1_000, 0);
    private long wall = 1_000;
    private long nanos;

    private long after(long millis) {
        nanos += millis * 1_000_000;
        wall += millis;
        return clock.now(wall, nanos);
    }

    @Test
    void shouldRunWithTheWallClock() {
        assertThat(after(500)).isEqualTo(1_500);
        assertThat(after(0)).isEqualTo(1_500);
        assertThat(after(DAY)).isEqualTo(1_500 + DAY);
    }

    @Test
    void shouldFollowAClockSetForwardAtTwiceTheSpeedOnly() {
        wall += 30 * DAY;

        assertThat(after(0)).isEqualTo(1_000);
        assertThat(after(DAY)).isEqualTo(1_000 + 2 * DAY);
        after(29 * DAY);
        assertThat(after(DAY)).isEqualTo(wall);
    }

    @Test
    void shouldFollowAClockSetBackAtOnce() {
        wall -= 900;

        assertThat(after(0)).isEqualTo(100);
        wall += 900;
        assertThat(after(450)).isEqualTo(1_000);
        assertThat(after(450)).isEqualTo(1_900);
    }

    @Test
    void shouldLoseNoTimeWhenAskedOften() {
        wall += DAY;
        for (int i = 0; i < 1_000; i++) {
            nanos += 300_000;
            clock.now(wall, nanos);
        }

        assertThat(clock.now(wall, nanos)).isEqualTo(1_600);
    }
}

package io.flotilla.raftlog.catchup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldLetEachWaitForThoseBefore() {
        Pace pace = new Pace(1_000, 0);

        assertThat(pace.reserve(500, 0)).isZero();
        assertThat(pace.reserve(500, 0)).isEqualTo(SECOND / 2);
        assertThat(pace.reserve(1, SECOND / 4)).isEqualTo(SECOND * 3 / 4);
    }

    @Test
    void shouldNotSaveUpTimeInWhichNothingMoved() {
        Pace pace = new Pace(1_000, 0);

        assertThat(pace.reserve(1_000, 100 * SECOND)).isZero();
        assertThat(pace.reserve(1, 100 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void shouldKeepItsRateOverManySmallReservations() {
        Pace pace = new Pace(64 << 20, 0);
        long now = 0;
        for (int i = 0; i < 640; i++) {
            now += pace.reserve(1 << 20, now);
        }

        assertThat(now).isBetween(9 * SECOND, 10 * SECOND);
    }
}

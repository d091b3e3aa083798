package io.flotilla.broker.disk;

import static io.flotilla.broker.disk.SpaceLevel.CRITICAL;
import static io.flotilla.broker.disk.SpaceLevel.ENOUGH;
import static io.flotilla.broker.disk.SpaceLevel.LOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceLevelTest {
    private static final long RESERVE = 400;

    @ParameterizedTest
    @CsvSource({
        "ENOUGH, 400, ENOUGH",
        "ENOUGH, 399, LOW",
        "ENOUGH, 200, LOW",
        "ENOUGH, 199, CRITICAL",
        "LOW,    400, LOW",
        "LOW,    499, LOW",
        "LOW,    500, ENOUGH",
        "LOW,    199, CRITICAL",
        "CRITICAL, 200, CRITICAL",
        "CRITICAL, 299, CRITICAL",
        "CRITICAL, 300, LOW",
        "CRITICAL, 500, ENOUGH",
        "CRITICAL, 0, CRITICAL",
    })
    void shouldFallAtOnceAndRiseWithAMargin(SpaceLevel before, long freeBytes, SpaceLevel expected) {
        assertThat(before.next(freeBytes, RESERVE)).isEqualTo(expected);
    }

    @Test
    void shouldAlwaysBeEnoughWithoutAReserve() {
        for (SpaceLevel before : SpaceLevel.values()) {
            assertThat(before.next(0, 0)).isEqualTo(ENOUGH);
        }
        assertThat(LOW).isLessThan(CRITICAL);
    }

    @Test
    void shouldTellAFullDiskFromABadOne() {
        assertThat(NoSpace.isCauseOf(new IOException("segment", new IOException("No space left on device"))))
                .isTrue();
        assertThat(NoSpace.isCauseOf(new IOException("segment", new NoSpace(7))))
                .isTrue();
        assertThat(NoSpace.isCauseOf(new IOException("Input/output error"))).isFalse();
    }
}

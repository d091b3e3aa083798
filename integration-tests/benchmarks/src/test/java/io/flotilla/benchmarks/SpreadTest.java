package io.flotilla.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void shouldTakeTheMiddleOne() {
        assertThat(Spread.of(30, 10, 20)).isEqualTo(new Spread(20, 10, 30));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwo() {
        assertThat(Spread.of(40, 10, 30, 20)).isEqualTo(new Spread(25, 10, 40));
    }

    @Test
    void shouldFormatForPeople() {
        assertThat(new Spread(1234.56, 999.94, 2000).format(1)).isEqualTo("1,234.6 (999.9-2,000.0)");
    }
}

package io.flotilla.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void shouldEndAtARoundNumberAboveTheHighestValue() {
        assertThat(Axis.linear(1_730, 100, 0).high()).isEqualTo(2_000);
        assertThat(Axis.linear(0, 100, 0).ticks()).startsWith(0.0).endsWith(1.0);
        assertThat(Axis.linear(1_730, 100, 0).ticks()).containsExactly(0.0, 500.0, 1_000.0, 1_500.0, 2_000.0);
    }

    @Test
    void shouldDrawPowersOfTenEquallyFarApart() {
        var axis = new Axis(100, 1e6, 400, 0, true);

        assertThat(axis.ticks()).containsExactly(100.0, 1e3, 1e4, 1e5, 1e6);
        assertThat(axis.at(1e3)).isEqualTo(300);
        assertThat(axis.at(1)).isEqualTo(400);
        assertThat(axis.at(1e9)).isZero();
    }

    @Test
    void shouldTakeStepsOfTimeThatPeopleKnow() {
        assertThat(new Axis(0, 300, 0, 1, false).secondTicks(12)).startsWith(0.0, 30.0, 60.0);
        assertThat(new Axis(0, 86_400, 0, 1, false).secondTicks(12)).hasSize(13);
    }
}

package io.flotilla.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void shouldCountADurationAtItsBoundBelowAndOneAboveInTheNext() {
        latencies.record(Duration.ofMillis(1).toNanos());
        latencies.record(Duration.ofMillis(1).toNanos() + 1);

        assertThat(Latencies.boundsSeconds()).startsWith(0.0001, 0.00025, 0.0005, 0.001, 0.0025);
        assertThat(latencies.counts()).startsWith(0, 0, 0, 1, 1, 0);
        assertThat(latencies.sumSeconds()).isCloseTo(0.002, within(1e-6));
    }

    @Test
    void shouldCountWhateverClocksTell() {
        latencies.record(-5);
        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.counts()).hasSize(17).startsWith(1).endsWith(1);
        assertThat(LongStream.of(latencies.counts()).sum()).isEqualTo(2);
        assertThat(Latencies.boundsSeconds()).hasSize(17).endsWith(Double.POSITIVE_INFINITY);
    }
}

package io.flotilla.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.history.Place;
import org.junit.jupiter.api.Test;

class MetricLineTest {
    @Test
    void shouldReadWhatIsToldOfAPartition() {
        assertThat(MetricLine.parse("flotilla_partition_high_watermark{partition=\"2\",topic=\"orders\"} 17.0"))
                .contains(new MetricLine("flotilla_partition_high_watermark", new Place("orders", 2), 17));
    }

    @Test
    void shouldPassOverEverythingElse() {
        assertThat(MetricLine.parse("# HELP flotilla_partition_high_watermark of a partition"))
                .isEmpty();
        assertThat(MetricLine.parse("flotilla_partition_log_bytes{partition=\"2\",topic=\"orders\"} 17.0"))
                .isEmpty();
        assertThat(MetricLine.parse("flotilla_ready 1.0")).isEmpty();
    }
}

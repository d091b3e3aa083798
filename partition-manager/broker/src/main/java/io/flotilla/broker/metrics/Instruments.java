package io.flotilla.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Makes Micrometer's counters and timers of the catalogue's entries. */
final class Instruments {
    /** Upper bounds of all histograms: from what a page cache answers in to what clients give up after. */
    private static final Duration[] BOUNDS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000)
            .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    Instruments(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param labelValues one for each label */
    Counter counter(Metric metric, String... labelValues) {
        return Counter.builder(metric.metricName())
                .description(metric.description().help())
                .tags(tags(metric, labelValues))
                .register(registry);
    }

    /** @param labelValues one for each label */
    Timer histogram(Metric metric, String... labelValues) {
        return Timer.builder(metric.metricName())
                .description(metric.description().help())
                .serviceLevelObjectives(BOUNDS)
                .tags(tags(metric, labelValues))
                .register(registry);
    }

    private static Tags tags(Metric metric, String... labelValues) {
        List<String> names = metric.description().labels();
        Tags tags = Tags.empty();
        for (int i = 0; i < names.size(); i++) {
            tags = tags.and(names.get(i), labelValues[i]);
        }
        return tags;
    }
}

package io.flotilla.broker.metrics;

import io.flotilla.broker.metrics.MetricDescription.Kind;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Values of one scrape, each told as it is at that moment.
 *
 * <p>Threading: none; one thread fills it.
 */
public final class Samples {
    /** Prometheus's counters bear this only when scraped. */
    private static final String COUNTER_SUFFIX = "_total";

    private record Sample(Labels labels, double value) {}

    private record Distribution(Labels labels, Latencies latencies) {}

    private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);
    private final Map<Metric, List<Distribution>> distributions = new EnumMap<>(Metric.class);

    /**
     * @param metric      a gauge or a counter
     * @param labelValues one for each of its labels, in their order; no two calls with the same
     */
    public void tell(Metric metric, double value, String... labelValues) {
        samples.computeIfAbsent(metric, first -> new ArrayList<>()).add(new Sample(labels(metric, labelValues), value));
    }

    private static Labels labels(Metric metric, String... values) {
        List<String> names = metric.description().labels();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(
                    metric + " has labels " + names + ", not values " + Arrays.toString(values));
        }
        return Labels.of(names.toArray(String[]::new), values);
    }

    /** @param metric a histogram */
    void tell(Metric metric, Latencies latencies, String... labelValues) {
        distributions
                .computeIfAbsent(metric, first -> new ArrayList<>())
                .add(new Distribution(labels(metric, labelValues), latencies));
    }

    /** A number, exact up to 2^53. */
    public void tell(Metric metric, long value, String... labelValues) {
        tell(metric, (double) value, labelValues);
    }

    /** 1 for true, 0 for false. */
    public void tell(Metric metric, boolean value, String... labelValues) {
        tell(metric, value ? 1L : 0L, labelValues);
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        samples.forEach((metric, values) -> all.metricSnapshot(snapshot(metric.description(), values)));
        distributions.forEach((metric, values) -> all.metricSnapshot(histogram(metric.description(), values)));
        return all.build();
    }

    private static MetricSnapshot histogram(MetricDescription metric, List<Distribution> values) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(metric.name()).help(metric.help());
        values.forEach(value -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(value.labels())
                .classicHistogramBuckets(ClassicHistogramBuckets.of(
                        Latencies.boundsSeconds(), value.latencies().counts()))
                .sum(value.latencies().sumSeconds())
                .build()));
        return histogram.build();
    }

    private static MetricSnapshot snapshot(MetricDescription metric, List<Sample> values) {
        if (metric.kind() == Kind.COUNTER) {
            String name = metric.name().substring(0, metric.name().length() - COUNTER_SUFFIX.length());
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(name).help(metric.help());
            values.forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(sample.labels())
                    .value(sample.value())
                    .build()));
            return counter.build();
        }
        if (metric.kind() == Kind.GAUGE) {
            GaugeSnapshot.Builder gauge =
                    GaugeSnapshot.builder().name(metric.name()).help(metric.help());
            values.forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(sample.labels())
                    .value(sample.value())
                    .build()));
            return gauge.build();
        }
        throw new IllegalArgumentException(
                metric.name() + " is a " + metric.kind() + ", which cannot be told in one number");
    }
}

package io.flotilla.broker.metrics;

import java.util.List;

/**
 * A metric as its readers see it.
 *
 * @param name   as scraped
 * @param unit   of its values; {@code 1} for numbers of things, in whatever the name says
 * @param labels their names; none if there is one series for a broker
 * @param help   one sentence
 */
public record MetricDescription(String name, Kind kind, String unit, List<String> labels, String help) {
    public MetricDescription {
        labels = List.copyOf(labels);
    }

    /** How a metric's values are to be read, in Prometheus's words. */
    public enum Kind {
        /** Grows until the process ends; ask for its rate. */
        COUNTER,
        /** Is what it is now. */
        GAUGE,
        /** Counts of events by upper bounds of their size. */
        HISTOGRAM,
        /** Number and sum of events; comes with a gauge {@code <name>_max} of the last minutes. */
        SUMMARY
    }
}

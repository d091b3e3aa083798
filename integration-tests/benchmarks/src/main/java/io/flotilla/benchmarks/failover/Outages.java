package io.flotilla.benchmarks.failover;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long partitions were without service in the trials of one kind of trouble. */
final class Outages {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final String trouble;
    private final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
    private int trials;
    private int missing;

    Outages(String trouble) {
        this.trouble = trouble;
    }

    /**
     * Adds a trial.
     *
     * @param affected how many partitions the victim led
     * @param outages  of those that came back, in nanoseconds
     * @throws IllegalArgumentException if more came back than were affected
     */
    void add(int affected, List<Long> outages) {
        if (outages.size() > affected) {
            throw new IllegalArgumentException(
                    outages.size() + " partitions came back, " + affected + " were affected");
        }
        trials++;
        missing += affected - outages.size();
        outages.forEach(outage -> nanos.recordValue(Math.min(Math.max(0, outage), LONGEST_NANOS)));
    }

    int trials() {
        return trials;
    }

    /** Partitions that lost their leader, those that did not come back included. */
    long affected() {
        return nanos.getTotalCount() + missing;
    }

    /** Partitions that did not come back in time. */
    int missing() {
        return missing;
    }

    /** {@code 1234}: milliseconds below which this share of the outages stayed; {@code none} if there were none. */
    String millis(double percentile) {
        return nanos.getTotalCount() == 0
                ? "none"
                : String.format(Locale.ROOT, "%.0f", nanos.getValueAtPercentile(percentile) / 1e6);
    }

    /** {@code kill_trials=50 kill_partitions=400 kill_p50_ms=1234 …} for the verdict. */
    String figures() {
        return String.format(
                "%1$s_trials=%2$d %1$s_partitions=%3$d %1$s_p50_ms=%4$s %1$s_p99_ms=%5$s %1$s_max_ms=%6$s",
                trouble, trials, affected(), millis(50), millis(99), millis(100));
    }

    static List<String> table(List<Outages> rows) {
        return Table.lines(
                List.of(
                        Column.text("TROUBLE", row -> row.trouble),
                        Column.number("TRIALS", Outages::trials),
                        Column.number("PARTITIONS", Outages::affected),
                        new Column<>("P50 MS", true, row -> row.millis(50)),
                        new Column<>("P99 MS", true, row -> row.millis(99)),
                        new Column<>("MAX MS", true, row -> row.millis(100))),
                rows);
    }
}

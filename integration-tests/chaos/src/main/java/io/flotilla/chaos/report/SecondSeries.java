package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Adds up a run second by second. Events come in the order of time, so that only the present second has a histogram.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class SecondSeries {
    /** A run longer than a day is drawn up to there. */
    static final int SECONDS_MAX = 86_400;

    private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;
    private static final int NONE = -1;

    private final List<Second> seconds = new ArrayList<>();
    private final Histogram latencies = histogram();
    private final Map<Place, Progress> progress = new HashMap<>();
    private long ok;
    private long failed;
    private long unknown;
    private long polled;
    private long failedMaxMicros = NONE;
    private long unknownMaxMicros = NONE;

    /** How far a partition was written and read. */
    private static final class Progress {
        private long acknowledged = -1;
        private long polled = -1;

        private long unseen() {
            return Math.max(0, acknowledged - polled);
        }
    }

    static Histogram histogram() {
        return new Histogram(1, HIGHEST_MICROS, DIGITS);
    }

    static long micros(long nanos) {
        return Math.min(HIGHEST_MICROS, Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    void answered(long nanos, Place place, Outcome outcome, long offset, long latencyNanos) {
        moveTo(nanos);
        long micros = micros(latencyNanos);
        switch (outcome) {
            case OK -> {
                ok++;
                latencies.recordValue(micros);
                Progress of = progressOf(place);
                of.acknowledged = Math.max(of.acknowledged, offset);
            }
            case FAIL -> {
                failed++;
                failedMaxMicros = Math.max(failedMaxMicros, micros);
            }
            case INFO -> {
                unknown++;
                unknownMaxMicros = Math.max(unknownMaxMicros, micros);
            }
        }
    }

    void polled(long nanos, Place place, long lastOffset, int records) {
        moveTo(nanos);
        polled += records;
        Progress of = progressOf(place);
        of.polled = Math.max(of.polled, lastOffset);
    }

    private Progress progressOf(Place place) {
        return progress.computeIfAbsent(place, unused -> new Progress());
    }

    /** Ends the seconds before the one of this time. */
    void moveTo(long nanos) {
        long second = Math.min(SECONDS_MAX, TimeUnit.NANOSECONDS.toSeconds(Math.max(0, nanos)));
        while (seconds.size() < second) {
            seconds.add(present());
        }
    }

    private Second present() {
        boolean any = latencies.getTotalCount() > 0;
        var second = new Second(
                ok,
                failed,
                unknown,
                polled,
                any ? latencies.getValueAtPercentile(50) : NONE,
                any ? latencies.getValueAtPercentile(99) : NONE,
                any ? latencies.getValueAtPercentile(99.9) : NONE,
                any ? latencies.getMaxValue() : NONE,
                failedMaxMicros,
                unknownMaxMicros,
                progress.values().stream().mapToLong(Progress::unseen).sum());
        latencies.reset();
        ok = 0;
        failed = 0;
        unknown = 0;
        polled = 0;
        failedMaxMicros = NONE;
        unknownMaxMicros = NONE;
        return second;
    }

    /** All seconds; ends the present one. */
    List<Second> finish() {
        if (seconds.size() < SECONDS_MAX) {
            seconds.add(present());
        }
        return List.copyOf(seconds);
    }
}

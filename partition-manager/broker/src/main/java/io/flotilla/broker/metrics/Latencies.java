package io.flotilla.broker.metrics;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Counts durations by upper bounds.
 *
 * <p>{@link #record} is a search among 16 numbers and two additions to adders that threads do not contend for: some tens
 * of nanoseconds, and nothing allocated.
 *
 * <p>Threading: safe for all threads. What is read while others record may be in the counts and not in the sum yet.
 */
final class Latencies {
    private static final double NANOS_PER_SECOND = 1e9;

    /** From what a page cache answers in to what clients give up after. */
    private static final long[] BOUNDS_MICROS = {
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
        10_000_000
    };

    private static final long[] BOUNDS_NANOS =
            LongStream.of(BOUNDS_MICROS).map(micros -> 1_000 * micros).toArray();

    private final LongAdder[] counts =
            Stream.generate(LongAdder::new).limit(BOUNDS_NANOS.length + 1L).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();

    /** @param took in nanoseconds; less than nothing, which clocks can tell, is nothing */
    void record(long took) {
        long duration = Math.max(0, took);
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && duration > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(duration);
    }

    /** Upper bounds of the {@link #counts}, in seconds; the last one is infinite. */
    static double[] boundsSeconds() {
        double[] bounds = new double[BOUNDS_NANOS.length + 1];
        for (int i = 0; i < BOUNDS_NANOS.length; i++) {
            bounds[i] = BOUNDS_NANOS[i] / NANOS_PER_SECOND;
        }
        bounds[BOUNDS_NANOS.length] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    /** Durations up to each bound and above the one before. */
    long[] counts() {
        return Stream.of(counts).mapToLong(LongAdder::sum).toArray();
    }

    double sumSeconds() {
        return nanos.sum() / NANOS_PER_SECOND;
    }
}

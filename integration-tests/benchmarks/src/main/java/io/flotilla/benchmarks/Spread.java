package io.flotilla.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Median, smallest and largest of a few repetitions. */
record Spread(double median, double min, double max) {
    /**
     * @param values at least one
     */
    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** {@code 12.3 (11.0-14.1)} with so many digits behind the point. */
    String format(int digits) {
        String number = "%,." + digits + "f";
        return String.format(Locale.ROOT, number + " (" + number + "-" + number + ")", median, min, max);
    }
}

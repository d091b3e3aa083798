package io.flotilla.chaos.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value is drawn.
 *
 * @param low  drawn at {@code from}
 * @param high drawn at {@code to}
 * @param log  whether equal factors are equally far apart; {@code low} is above 0 then
 */
record Axis(double low, double high, double from, double to, boolean log) {
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final double[] SECOND_STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200};

    Axis {
        if (high <= low || (log && low <= 0)) {
            throw new IllegalArgumentException("there is no axis from " + low + " to " + high);
        }
    }

    /** From 0 to a round number above the highest value. */
    static Axis linear(double highest, double from, double to) {
        double step = step(Math.max(highest, 1) / 4);
        return new Axis(0, step * Math.max(1, Math.ceil(Math.max(highest, 1) / step)), from, to, false);
    }

    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : STEPS) {
            if (factor * power >= atLeast * 0.999) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Values outside are drawn at the nearest end. */
    double at(double value) {
        double inside = Math.min(high, Math.max(low, value));
        double part = log ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
        return from + part * (to - from);
    }

    /** Round values, about four; of a logarithmic axis the powers of ten. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (log) {
            for (double tick = Math.pow(10, Math.ceil(Math.log10(low) - 1e-9)); tick <= high * 1.001; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            double step = step((high - low) / 4);
            for (int i = 0; low + i * step <= high * 1.001; i++) {
                ticks.add(low + i * step);
            }
        }
        return ticks;
    }

    /** Round numbers of seconds, at most so many. */
    List<Double> secondTicks(int most) {
        double step = SECOND_STEPS[SECOND_STEPS.length - 1];
        for (double wanted : SECOND_STEPS) {
            if ((high - low) / wanted <= most) {
                step = wanted;
                break;
            }
        }
        while ((high - low) / step > most) {
            step *= 2;
        }
        List<Double> ticks = new ArrayList<>();
        for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }
}

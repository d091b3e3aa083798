package io.flotilla.chaos.report;

import java.util.List;
import java.util.function.ToLongFunction;

/** What changes from second to second: latency, throughput, and what is not read yet. */
final class SecondCharts {
    private static final double TOP = 26;
    private static final double LATENCY_BOTTOM = 276;
    private static final double THROUGHPUT_BOTTOM = 176;
    private static final double UNSEEN_BOTTOM = 116;
    private static final double LOWEST_MICROS = 100;
    private static final double HIGHEST_MICROS_MIN = 1e6;

    /** More points are thinned out: they could not be told apart. */
    private static final int POINTS_MAX = 1_500;

    private final RunFigures figures;
    private final List<Second> seconds;
    private final int stride;

    SecondCharts(RunFigures figures) {
        this.figures = figures;
        this.seconds = whole(figures);
        this.stride = Math.max(1, (seconds.size() + POINTS_MAX - 1) / POINTS_MAX);
    }

    /** Without the last second, of which there is only a part. */
    private static List<Second> whole(RunFigures figures) {
        List<Second> all = figures.seconds();
        return all.subList(0, Math.max(1, all.size() - 1));
    }

    /** Of each stretch of seconds the highest value, less than 0 if it has none. */
    private double[] highest(ToLongFunction<Second> value) {
        double[] values = new double[seconds.size()];
        for (int first = 0; first < seconds.size(); first += stride) {
            double most = -1;
            int end = Math.min(seconds.size(), first + stride);
            for (Second second : seconds.subList(first, end)) {
                most = Math.max(most, (double) value.applyAsLong(second));
            }
            for (int i = first; i < end; i++) {
                values[i] = most;
            }
        }
        return values;
    }

    Markup latency() {
        double most = seconds.stream()
                .mapToLong(second ->
                        Math.max(second.maxMicros(), Math.max(second.failedMaxMicros(), second.unknownMaxMicros())))
                .max()
                .orElse(0);
        double highest = Math.pow(10, Math.ceil(Math.log10(Math.max(HIGHEST_MICROS_MIN, most))));
        var axis = new Axis(LOWEST_MICROS, highest, LATENCY_BOTTOM, TOP, true);
        var canvas = new Canvas(figures, "Latency of sends over time", TOP, LATENCY_BOTTOM);
        canvas.shades().values(axis, Numbers::microsTick).times();
        canvas.legend(List.of(
                new Canvas.Key("curve p50", "p50"),
                new Canvas.Key("curve p99", "p99"),
                new Canvas.Key("curve p999", "p99.9"),
                new Canvas.Key("curve most", "max of a second"),
                new Canvas.Key("dot failed", "failed, longest of a second"),
                new Canvas.Key("dot unknown", "unknown, longest of a second"),
                new Canvas.Key("shadekey", "fault active")));
        canvas.curve("curve most", axis, highest(Second::maxMicros));
        canvas.curve("curve p999", axis, highest(Second::p999Micros));
        canvas.curve("curve p99", axis, highest(Second::p99Micros));
        canvas.curve("curve p50", axis, highest(Second::p50Micros));
        dots(canvas, axis, "dot failed", "failed after ", highest(Second::failedMaxMicros));
        dots(canvas, axis, "dot unknown", "unknown after ", highest(Second::unknownMaxMicros));
        return canvas.finish();
    }

    private void dots(Canvas canvas, Axis axis, String type, String what, double[] micros) {
        for (int second = 0; second < micros.length; second += stride) {
            if (micros[second] >= 0) {
                canvas.dot(
                        type,
                        canvas.x(second + 0.5),
                        axis.at(micros[second]),
                        what + Numbers.millis(micros[second] / 1e3));
            }
        }
        canvas.svg().line();
    }

    Markup throughput() {
        double most = seconds.stream()
                .mapToLong(second -> Math.max(second.ok(), second.polled()))
                .max()
                .orElse(0);
        Axis axis = Axis.linear(most, THROUGHPUT_BOTTOM, TOP);
        var canvas = new Canvas(figures, "Sends and reads a second", TOP, THROUGHPUT_BOTTOM);
        canvas.shades().values(axis, Numbers::brief).times();
        canvas.legend(List.of(
                new Canvas.Key("curve ok", "sends ok/s"),
                new Canvas.Key("curve polled", "records read/s"),
                new Canvas.Key("curve failed", "sends failed/s"),
                new Canvas.Key("curve unknown", "sends unknown/s")));
        canvas.curve("curve polled", axis, highest(Second::polled));
        canvas.curve("curve ok", axis, lowest());
        canvas.curve("curve failed", axis, highest(Second::failed));
        canvas.curve("curve unknown", axis, highest(Second::unknown));
        return canvas.finish();
    }

    /** Of a long run the gaps must not vanish. */
    private double[] lowest() {
        double[] values = new double[seconds.size()];
        for (int first = 0; first < seconds.size(); first += stride) {
            int end = Math.min(seconds.size(), first + stride);
            long least = seconds.subList(first, end).stream()
                    .mapToLong(Second::ok)
                    .min()
                    .orElse(0);
            for (int i = first; i < end; i++) {
                values[i] = least;
            }
        }
        return values;
    }

    Markup unseen() {
        double most = seconds.stream().mapToLong(Second::unseen).max().orElse(0);
        Axis axis = Axis.linear(most, UNSEEN_BOTTOM, TOP);
        var canvas = new Canvas(figures, "Records acknowledged and not yet read", TOP, UNSEEN_BOTTOM);
        canvas.shades().values(axis, Numbers::brief).times();
        canvas.legend(List.of(new Canvas.Key("curve unseen", "records acknowledged, read by nobody yet")));
        canvas.curve("curve unseen", axis, highest(Second::unseen));
        return canvas.finish();
    }
}

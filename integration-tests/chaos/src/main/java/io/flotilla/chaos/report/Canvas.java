package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.PhaseBegan;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * One drawing over the time of a run: all of them have the same time axis, the marks of its phases, and the shades of its
 * faults.
 */
final class Canvas {
    static final double WIDTH = 1080;
    static final double LEFT = 74;
    static final double RIGHT = WIDTH - 20;
    private static final int TIME_TICKS_MAX = 12;
    private static final double LABEL_HEIGHT = 20;

    private final RunFigures figures;
    private final double top;
    private final double bottom;
    private final Axis time;
    private final Markup svg = new Markup();

    /**
     * @param title  for those who cannot see it
     * @param top    of the plot, below its legend
     * @param bottom of the plot, above the labels of its time axis
     */
    Canvas(RunFigures figures, String title, double top, double bottom) {
        this.figures = figures;
        this.top = top;
        this.bottom = bottom;
        this.time = new Axis(0, Math.max(1, figures.lastNanos() / 1e9), LEFT, RIGHT, false);
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + Markup.coordinate(WIDTH) + " " + Markup.coordinate(bottom + LABEL_HEIGHT),
                "role",
                "img",
                "class",
                "chart");
        svg.element("title", title).line();
    }

    Markup svg() {
        return svg;
    }

    double top() {
        return top;
    }

    double bottom() {
        return bottom;
    }

    double x(double seconds) {
        return time.at(seconds);
    }

    double xOf(long nanos) {
        return time.at(nanos / 1e9);
    }

    /** Where faults were active. */
    Canvas shades() {
        for (FaultBar bar : figures.bars()) {
            double x = xOf(bar.startNanos());
            svg.empty(
                    "rect",
                    "class",
                    "shade",
                    "x",
                    x,
                    "y",
                    top,
                    "width",
                    Math.max(1, xOf(bar.endNanos()) - x),
                    "height",
                    bottom - top);
        }
        svg.line();
        return this;
    }

    /** The time axis, with the phases of the run. */
    Canvas times() {
        for (double tick : time.secondTicks(TIME_TICKS_MAX)) {
            double x = x(tick);
            svg.empty("line", "class", "grid", "x1", x, "y1", top, "x2", x, "y2", bottom);
            svg.element("text", clock(tick), "class", "tick", "x", x, "y", bottom + 14, "text-anchor", "middle");
        }
        for (PhaseBegan phase : figures.phases()) {
            double x = xOf(phase.nanos());
            svg.open("g");
            svg.element("title", phase.phase() + " from " + Numbers.moment(phase.nanos()));
            svg.empty("line", "class", "phase", "x1", x, "y1", top, "x2", x, "y2", bottom);
            svg.close("g");
        }
        svg.line();
        return this;
    }

    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3_600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    /** Lines across at the axis's ticks, with their values. */
    Canvas values(Axis axis, DoubleFunction<String> label) {
        for (double tick : axis.ticks()) {
            double y = axis.at(tick);
            svg.empty("line", "class", "grid", "x1", LEFT, "y1", y, "x2", RIGHT, "y2", y);
            svg.element("text", label.apply(tick), "class", "tick", "x", LEFT - 8, "y", y + 4, "text-anchor", "end");
        }
        svg.line();
        return this;
    }

    /** One entry of a legend: what a line's class looks like and means. */
    record Key(String type, String label) {}

    /** Above the plot, from left to right. */
    Canvas legend(List<Key> keys) {
        double x = LEFT;
        for (Key key : keys) {
            if (key.type().startsWith("dot")) {
                svg.empty("circle", "class", key.type(), "cx", x + 9, "cy", 9, "r", 3);
            } else {
                svg.empty("line", "class", key.type(), "x1", x, "y1", 9, "x2", x + 18, "y2", 9);
            }
            svg.element("text", key.label(), "class", "key", "x", x + 24, "y", 13);
            x += 24 + 7.0 * key.label().length() + 22;
        }
        svg.line();
        return this;
    }

    /**
     * A line through values that are there, broken where they are not.
     *
     * @param values one for each second, less than 0 for none
     */
    Canvas curve(String type, Axis axis, double[] values) {
        var path = new StringBuilder();
        boolean broken = true;
        for (int second = 0; second < values.length; second++) {
            if (values[second] < 0) {
                broken = true;
                continue;
            }
            path.append(broken ? 'M' : 'L')
                    .append(Markup.coordinate(x(second + 0.5)))
                    .append(' ')
                    .append(Markup.coordinate(axis.at(values[second])));
            broken = false;
        }
        if (path.length() > 0) {
            // Round caps show a value that stands alone between two gaps.
            svg.empty("path", "class", type, "d", path).line();
        }
        return this;
    }

    Canvas dot(String type, double x, double y, String title) {
        svg.open("circle", "class", type, "cx", x, "cy", y, "r", 2.2);
        svg.element("title", title).close("circle");
        return this;
    }

    Markup finish() {
        return svg.close("svg").line();
    }
}

package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.ResourcesRead;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToLongFunction;

/** What one kind of resource took on each node: a small drawing, one of several side by side. */
final class ResourceChart {
    private static final double WIDTH = 528;
    private static final double HEIGHT = 150;
    private static final double LEFT = 64;
    private static final double RIGHT = WIDTH - 20;
    private static final double TOP = 24;
    private static final double BOTTOM = HEIGHT - 20;
    private static final int TIME_TICKS_MAX = 6;

    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    private ResourceChart() {}

    /** Of what is counted. */
    static Markup ofCounts(RunFigures figures, String title, ToLongFunction<ResourcesRead> value) {
        return draw(figures, title, value, Numbers::brief, 1);
    }

    /** Of bytes, in MiB or GiB. */
    static Markup ofBytes(RunFigures figures, String title, ToLongFunction<ResourcesRead> value) {
        return most(figures, value) >= 2 * GIB
                ? draw(figures, title, value, gib -> Numbers.brief(gib) + " GiB", GIB)
                : draw(figures, title, value, mib -> Numbers.brief(mib) + " MiB", MIB);
    }

    private static long most(RunFigures figures, ToLongFunction<ResourcesRead> value) {
        return figures.resources().values().stream()
                .flatMap(List::stream)
                .mapToLong(value)
                .max()
                .orElse(0);
    }

    private static Markup draw(
            RunFigures figures,
            String title,
            ToLongFunction<ResourcesRead> value,
            DoubleFunction<String> label,
            double unit) {
        Axis axis = Axis.linear(most(figures, value) / unit, BOTTOM, TOP);
        var time = new Axis(0, Math.max(1, figures.lastNanos() / 1e9), LEFT, RIGHT, false);
        var svg = new Markup();
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + Markup.coordinate(WIDTH) + " " + Markup.coordinate(HEIGHT),
                "role",
                "img",
                "class",
                "chart small");
        svg.element("title", title + " per node over time");
        svg.element("text", title, "class", "label", "x", LEFT, "y", 13);
        for (double tick : axis.ticks()) {
            double y = axis.at(tick);
            svg.empty("line", "class", "grid", "x1", LEFT, "y1", y, "x2", RIGHT, "y2", y);
            svg.element("text", label.apply(tick), "class", "tick", "x", LEFT - 6, "y", y + 4, "text-anchor", "end");
        }
        for (double tick : time.secondTicks(TIME_TICKS_MAX)) {
            svg.element(
                    "text",
                    Math.round(tick) / 60 + ":" + String.format("%02d", Math.round(tick) % 60),
                    "class",
                    "tick",
                    "x",
                    time.at(tick),
                    "y",
                    BOTTOM + 14,
                    "text-anchor",
                    "middle");
        }
        figures.resources().forEach((node, readings) -> {
            var path = new StringBuilder();
            for (ResourcesRead reading : readings) {
                path.append(path.length() == 0 ? 'M' : 'L')
                        .append(Markup.coordinate(time.at(reading.nanos() / 1e9)))
                        .append(' ')
                        .append(Markup.coordinate(axis.at(value.applyAsLong(reading) / unit)));
            }
            svg.open("path", "class", "curve " + TimelineChart.colorOf(node) + "line", "d", path);
            svg.element("title", "node " + node).close("path");
        });
        return svg.close("svg").line();
    }
}

package io.flotilla.chaos.report;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.report.LeaderLanes.Reign;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which fault struck which node when, when nodes ended and started, and who led each partition. */
final class TimelineChart {
    private static final double TOP = 26;
    private static final double BAR_HEIGHT = 15;
    private static final double ROW_GAP = 8;
    private static final double LANE_HEIGHT = 9;
    private static final double BETWEEN = 26;

    /** Partitions beyond it are left out, and the page says so. */
    static final int LANES_MAX = 96;

    /** Colors of nodes there are in the style sheet; more nodes take them again. */
    static final int COLORS = 8;

    private static final double LABELLED_WIDTH_MIN = 22;

    private final RunFigures figures;
    private final SortedSet<Integer> nodes = new TreeSet<>();
    private final Map<Integer, List<List<FaultBar>>> rows = new TreeMap<>();

    private TimelineChart(RunFigures figures) {
        this.figures = figures;
        nodes.addAll(FaultBars.nodesOf(figures.bars()));
        figures.leaders().values().forEach(lane -> lane.forEach(reign -> nodes.add(reign.node())));
        figures.starts().forEach(started -> nodes.add(started.node()));
        nodes.addAll(figures.resources().keySet());
        nodes.forEach(node -> rows.put(node, rowsOf(node)));
    }

    static Markup draw(RunFigures figures) {
        return new TimelineChart(figures).draw();
    }

    /** Bars that overlap go into rows of their own. */
    private List<List<FaultBar>> rowsOf(int node) {
        List<List<FaultBar>> all = new ArrayList<>();
        for (FaultBar bar : figures.bars()) {
            if (bar.nodes().contains(node)) {
                List<FaultBar> row = all.stream()
                        .filter(other -> other.get(other.size() - 1).endNanos() <= bar.startNanos())
                        .findFirst()
                        .orElse(null);
                if (row == null) {
                    row = new ArrayList<>();
                    all.add(row);
                }
                row.add(bar);
            }
        }
        return all.isEmpty() ? List.of(Collections.<FaultBar>emptyList()) : all;
    }

    private Markup draw() {
        SortedMap<Place, List<Reign>> lanes = figures.leaders();
        int drawn = Math.min(LANES_MAX, lanes.size());
        double nodesHeight = rows.values().stream()
                .mapToDouble(row -> row.size() * BAR_HEIGHT + ROW_GAP)
                .sum();
        double bottom = TOP + nodesHeight + BETWEEN + drawn * LANE_HEIGHT + 4;
        var canvas = new Canvas(figures, "Faults per node and leaders per partition over time", TOP, bottom);
        canvas.times();
        canvas.legend(List.of(
                new Canvas.Key("faultkey process", "process"),
                new Canvas.Key("faultkey network", "network"),
                new Canvas.Key("faultkey disk", "disk"),
                new Canvas.Key("faultkey other", "clock, cluster, client, code")));
        double y = TOP;
        for (int node : nodes) {
            y = nodeRows(canvas, node, y);
        }
        leaderKeys(canvas, y + 14);
        y += BETWEEN;
        for (Map.Entry<Place, List<Reign>> lane : lanes.entrySet()) {
            if (drawn-- > 0) {
                lane(canvas, lane.getKey(), lane.getValue(), y);
                y += LANE_HEIGHT;
            }
        }
        return canvas.finish();
    }

    private double nodeRows(Canvas canvas, int node, double top) {
        List<List<FaultBar>> all = rows.getOrDefault(node, List.of());
        double height = all.size() * BAR_HEIGHT;
        Markup svg = canvas.svg();
        svg.element(
                "text", "node " + node, "class", "label", "x", Canvas.LEFT - 8, "y", top + 12, "text-anchor", "end");
        svg.empty(
                "rect",
                "class",
                "track",
                "x",
                Canvas.LEFT,
                "y",
                top,
                "width",
                Canvas.RIGHT - Canvas.LEFT,
                "height",
                height);
        double y = top;
        for (List<FaultBar> row : all) {
            for (FaultBar bar : row) {
                bar(canvas, bar, y);
            }
            y += BAR_HEIGHT;
        }
        figures.exits().stream().filter(exited -> exited.node() == node).forEach(exited -> {
            double x = canvas.xOf(exited.nanos());
            svg.open(
                    "path",
                    "class",
                    exited.expected() ? "exit" : "exit unexpected",
                    "d",
                    "M" + Markup.coordinate(x - 3) + " " + Markup.coordinate(top + height - 1) + "l6 6m-6 0l6 -6");
            svg.element(
                    "title",
                    "ended with code " + exited.code() + " at " + Numbers.moment(exited.nanos())
                            + (exited.expected() ? "" : ", unexpectedly"));
            svg.close("path");
        });
        figures.starts().stream().filter(started -> started.node() == node).forEach(started -> {
            double x = canvas.xOf(started.nanos());
            svg.open(
                    "path",
                    "class",
                    "start",
                    "d",
                    "M" + Markup.coordinate(x - 3) + " " + Markup.coordinate(top + height + 5) + "l3 -6l3 6z");
            svg.element("title", "started at " + Numbers.moment(started.nanos()));
            svg.close("path");
        });
        svg.line();
        return top + height + ROW_GAP;
    }

    private static void bar(Canvas canvas, FaultBar bar, double y) {
        double x = canvas.xOf(bar.startNanos());
        double width = Math.max(2, canvas.xOf(bar.endNanos()) - x);
        Markup svg = canvas.svg();
        svg.open("g");
        svg.element("title", describe(bar));
        svg.empty(
                "rect",
                "class",
                bar.unverified() ? "fault unproved" : "fault " + family(bar.fault()),
                "x",
                x,
                "y",
                y + 1,
                "width",
                width,
                "height",
                BAR_HEIGHT - 2,
                "rx",
                2);
        if (width >= LABELLED_WIDTH_MIN) {
            svg.element("text", bar.fault(), "class", "onbar", "x", x + 4, "y", y + BAR_HEIGHT - 4);
        }
        svg.close("g");
    }

    private static String describe(FaultBar bar) {
        return "episode " + bar.episode() + ": " + bar.fault() + " " + meaning(bar.fault()) + " on " + bar.nodes()
                + ", " + Numbers.moment(bar.startNanos()) + " to " + Numbers.moment(bar.endNanos())
                + (bar.parameters().isEmpty() ? "" : " " + bar.parameters())
                + (bar.proof().isEmpty() ? "" : "; " + bar.proof());
    }

    /** In words, of a code; empty if it is none of ours. */
    static String meaning(String code) {
        for (FaultId id : FaultId.values()) {
            if (id.code().equals(code) || id.name().equals(code)) {
                return id.meaning();
            }
        }
        return "";
    }

    /** Kinds of faults that look alike: of processes, networks, disks, others. */
    private static String family(String code) {
        for (FaultId id : FaultId.values()) {
            if (id.code().equals(code) || id.name().equals(code)) {
                return switch (id) {
                    case KILL, TERMINATE, PAUSE, ROLLING_RESTART, METADATA_LOSS, SCARCE_RESOURCES -> "process";
                    case PARTITION,
                            PARTITION_ONE_WAY,
                            PARTIAL_PARTITION,
                            RESET,
                            SLOW_LINK,
                            LOSSY_LINK,
                            NARROW_LINK,
                            SWIZZLE -> "network";
                    case SLOW_DISK,
                            FULL_DISK,
                            IO_ERROR,
                            LYING_DISK,
                            TORN_WRITE,
                            POWER_LOSS,
                            READ_ONLY_DISK,
                            BIT_ROT,
                            WIPE -> "disk";
                    case CLOCK, MEMBERSHIP, TRANSFER_STORM, CLIENT_FAULT, FAILPOINT -> "other";
                };
            }
        }
        return "other";
    }

    private void leaderKeys(Canvas canvas, double y) {
        Markup svg = canvas.svg();
        svg.element("text", "leaders", "class", "label", "x", Canvas.LEFT - 8, "y", y + 4, "text-anchor", "end");
        double x = Canvas.LEFT;
        for (int node : nodes) {
            svg.empty("rect", "class", colorOf(node), "x", x, "y", y - 4, "width", 12, "height", 8);
            svg.element("text", "node " + node, "class", "key", "x", x + 16, "y", y + 4);
            x += 72;
        }
        svg.line();
    }

    /** Class of what belongs to a node. */
    static String colorOf(int node) {
        return "node" + Math.floorMod(node - 1, COLORS);
    }

    private void lane(Canvas canvas, Place place, List<Reign> reigns, double y) {
        Markup svg = canvas.svg();
        svg.element(
                "text",
                place.toString(),
                "class",
                "lane",
                "x",
                Canvas.LEFT - 8,
                "y",
                y + LANE_HEIGHT - 2,
                "text-anchor",
                "end");
        for (int i = 0; i < reigns.size(); i++) {
            Reign reign = reigns.get(i);
            long end = i + 1 < reigns.size() ? reigns.get(i + 1).startNanos() : figures.lastNanos();
            double x = canvas.xOf(reign.startNanos());
            svg.open(
                    "rect",
                    "class",
                    colorOf(reign.node()),
                    "x",
                    x,
                    "y",
                    y + 1,
                    "width",
                    Math.max(0.5, canvas.xOf(end) - x - 0.5),
                    "height",
                    LANE_HEIGHT - 2);
            svg.element(
                    "title",
                    place + ": node " + reign.node() + " in term " + reign.term() + " from "
                            + Numbers.moment(reign.startNanos()));
            svg.close("rect");
        }
        svg.line();
    }
}

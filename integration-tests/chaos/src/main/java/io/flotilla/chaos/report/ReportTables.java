package io.flotilla.chaos.report;

import io.flotilla.chaos.check.Judgement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The tables of the page. */
final class ReportTables {
    private static final int FAILOVERS_MAX = 200;
    private static final int ERRORS_MAX = 12;
    private static final int COMPLAINTS_MAX = 50;

    private ReportTables() {}

    /** The first row; a title that begins with # is that of numbers. */
    static void head(Markup page, String... titles) {
        page.open("thead").open("tr");
        for (String title : titles) {
            if (title.startsWith("#")) {
                page.element("th", title.substring(1), "class", "number");
            } else {
                page.element("th", title);
            }
        }
        page.close("tr").close("thead").line();
    }

    private static void number(Markup page, String text) {
        page.element("td", text, "class", "number");
    }

    static Markup faults(RunFigures figures) {
        var page = new Markup();
        page.element("h2", "Faults by kind").line();
        List<FaultTally> kinds = FaultTally.of(figures.bars());
        if (kinds.isEmpty()) {
            return page.element("p", "There were none.", "class", "soft");
        }
        page.open("div", "class", "scroll").open("table");
        head(page, "fault", "", "#armed", "#shown to act", "#not shown", "#active together");
        for (FaultTally kind : kinds) {
            page.open("tr").element("td", kind.fault()).element("td", TimelineChart.meaning(kind.fault()));
            number(page, Numbers.count(kind.armed()));
            number(page, Numbers.count(kind.verified()));
            number(page, Numbers.count(kind.unverified()));
            number(page, Numbers.duration(kind.nanos()));
            page.close("tr").line();
        }
        return page.close("table").close("div").line();
    }

    static Markup failovers(RunFigures figures) {
        var page = new Markup();
        page.element("h2", "Failover").line();
        if (figures.failovers().isEmpty()) {
            return page.element("p", "No fault struck a leader.", "class", "soft");
        }
        page.element(
                "p",
                "From the arming of a fault until a partition that the struck node led acknowledged a send that was made"
                        + " afterwards.",
                "class",
                "soft");
        page.open("div", "class", "scroll").open("table");
        head(page, "fault", "", "#partitions", "#acknowledged again", "#p50", "#p99", "#max");
        figures.failoversByKind().forEach(failover -> failover(page, failover, false));
        page.close("table").close("div").line();
        page.open("details").element("summary", "Every fault that struck a leader");
        page.open("table");
        head(page, "episode", "fault", "#partitions", "#acknowledged again", "#p50", "#p99", "#max");
        figures.failovers().stream().limit(FAILOVERS_MAX).forEach(failover -> failover(page, failover, true));
        return page.close("table").close("details").line();
    }

    private static void failover(Markup page, FailoverFigures failover, boolean single) {
        page.open("tr");
        if (single) {
            page.element("td", Integer.toString(failover.episode())).element("td", failover.fault());
        } else {
            page.element("td", failover.fault()).element("td", TimelineChart.meaning(failover.fault()));
        }
        number(page, Numbers.count(failover.partitions()));
        number(page, Numbers.count(failover.recovered()));
        number(page, Numbers.millis(failover.p50Millis()));
        number(page, Numbers.millis(failover.p99Millis()));
        number(page, Numbers.millis(failover.maxMillis()));
        page.close("tr").line();
    }

    static Markup calls(RunFigures figures) {
        var page = new Markup();
        page.element("h2", "Calls").line();
        page.open("div", "class", "scroll").open("table");
        head(page, "call", "#ok", "#failed", "#unknown", "#unanswered", "#ok of all", "#p50", "#p99", "#p99.9", "#max");
        for (CallFigures call : figures.calls()) {
            long all = call.ok() + call.failed() + call.unknown() + call.open();
            if (all > 0) {
                page.open("tr").element("td", call.kind());
                number(page, Numbers.count(call.ok()));
                number(page, Numbers.count(call.failed()));
                number(page, Numbers.count(call.unknown()));
                number(page, Numbers.count(call.open()));
                number(page, Numbers.share((double) call.ok() / all));
                number(page, Numbers.micros(call.p50Micros()));
                number(page, Numbers.micros(call.p99Micros()));
                number(page, Numbers.micros(call.p999Micros()));
                number(page, Numbers.micros(call.maxMicros()));
                page.close("tr").line();
            }
        }
        page.close("table").close("div").line();
        if (!figures.errors().isEmpty()) {
            page.open("table");
            head(page, "error", "#times");
            figures.errors().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .limit(ERRORS_MAX)
                    .forEach(error -> {
                        page.open("tr")
                                .open("td")
                                .element("code", error.getKey())
                                .close("td");
                        number(page, Numbers.count(error.getValue()));
                        page.close("tr").line();
                    });
            page.close("table").line();
        }
        return page;
    }

    /** What shows that the run was one, and what the checks have looked at. */
    static Markup counters(RunFigures figures, Judgement judgement) {
        var page = new Markup();
        page.element("h2", "What the checks looked at").line();
        page.open("div", "class", "grid2").open("div").open("table");
        head(page, "counter", "#");
        judgement.counters().forEach((name, count) -> row(page, name, count));
        page.close("table").close("div").open("div").open("table");
        head(page, "lines of the history", "#");
        figures.lines().forEach((kind, count) -> row(page, kind, count));
        row(page, "records read at the end", figures.recordsAtEnd());
        page.close("table").close("div").close("div").line();
        if (!figures.complaints().isEmpty()) {
            page.element("h3", "Lines of brokers' logs that should not be there");
            figures.complaints().stream().limit(COMPLAINTS_MAX).forEach(line -> page.element("pre", line)
                    .line());
        }
        return page;
    }

    private static void row(Markup page, String name, long count) {
        page.open("tr").element("td", name);
        number(page, Numbers.count(count));
        page.close("tr").line();
    }

    static Markup settings(RunFigures figures) {
        var page = new Markup();
        figures.run().ifPresent(run -> {
            page.open("details").element("summary", "Settings of the run").open("table");
            head(page, "setting", "value");
            run.settings().forEach((key, value) -> {
                page.open("tr").open("td").element("code", key).close("td");
                page.open("td").element("code", value).close("td").close("tr").line();
            });
            page.close("table").close("details").line();
        });
        return page;
    }
}

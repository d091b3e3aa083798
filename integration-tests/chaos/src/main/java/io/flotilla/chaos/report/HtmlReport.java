package io.flotilla.chaos.report;

import io.flotilla.chaos.check.CheckResult;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.history.Event.ResourcesRead;
import io.flotilla.chaos.history.Event.RunStarted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A run and its verdict as one HTML page that needs no other file, no network and no script. */
public final class HtmlReport {
    /** Of a run's folder: where its history is. */
    static final String HISTORY = "history";

    private final String name;
    private final RunFigures figures;
    private final Judgement judgement;
    private final Markup page = new Markup();

    private HtmlReport(String name, RunFigures figures, Judgement judgement) {
        this.name = name;
        this.figures = figures;
        this.judgement = judgement;
    }

    /**
     * Reads the history of a run and writes the page.
     *
     * @param runDirectory with the folder {@value #HISTORY}
     * @param htmlFile     is replaced if it is there
     * @throws UncheckedIOException if the page cannot be written or the history not be read
     * @throws io.flotilla.chaos.history.HistoryException if there is no history
     */
    public static void write(Path runDirectory, Judgement judgement, Path htmlFile) {
        RunFigures figures = FigureReader.read(runDirectory.resolve(HISTORY));
        try {
            Files.writeString(htmlFile, page(nameOf(runDirectory), figures, judgement));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the report " + htmlFile, failure);
        }
    }

    static String nameOf(Path runDirectory) {
        Path name = runDirectory.toAbsolutePath().normalize().getFileName();
        return name == null ? "run" : name.toString();
    }

    static String page(String name, RunFigures figures, Judgement judgement) {
        return "<!DOCTYPE html>\n" + new HtmlReport(name, figures, judgement).page();
    }

    private Markup page() {
        page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en").line();
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.element("title", "Chaos run " + name + ": " + judgement.verdict());
        page.element("style", style()).close("head").line();
        page.open("body").line();
        header();
        verdicts();
        violations();
        timeline();
        seconds();
        page.add(ReportTables.faults(figures));
        page.add(ReportTables.failovers(figures));
        page.add(ReportTables.calls(figures));
        resources();
        page.add(ReportTables.counters(figures, judgement));
        page.add(ReportTables.settings(figures));
        return page.close("body").close("html").line();
    }

    /** Has no character that would have to be escaped. */
    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing beside " + HtmlReport.class.getName());
            }
            return new String(css.readAllBytes(), StandardCharsets.US_ASCII).replace('"', ' ');
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read report.css", failure);
        }
    }

    private void header() {
        String verdict = judgement.verdict().name();
        page.open("h1").text("Chaos run " + name);
        page.element("span", verdict, "class", "badge " + verdict.toLowerCase(Locale.ROOT))
                .close("h1")
                .line();
        page.element("p", summary(), "class", "soft").line();
        page.open("dl", "class", "facts");
        figures.run().ifPresent(this::runFacts);
        fact("duration", Numbers.duration(figures.lastNanos()));
        fact("sends acknowledged", Numbers.count(figures.calls().get(0).ok()));
        fact("records read", Numbers.count(figures.recordsPolled()));
        fact("faults", Numbers.count(figures.faults()));
        fact("leader changes", Numbers.count(figures.leaderChanges()));
        page.close("dl").line();
        page.element("p", "The same plan again:", "class", "soft");
        page.element("pre", RunNames.replay(name, figures.run())).line();
        for (String unsound : figures.unsound()) {
            page.element("p", "The history is not whole: " + unsound + ".", "class", "warning")
                    .line();
        }
    }

    private void runFacts(RunStarted run) {
        fact("seed", Long.toString(run.seed()));
        fact("profile", run.profile());
        fact("backend", RunNames.setting(run, "backend"));
        fact("brokers", Integer.toString(run.brokers()));
        fact("version", RunNames.setting(run, "version"));
    }

    private void fact(String term, String value) {
        if (!value.isEmpty()) {
            page.open("div").element("dt", term).element("dd", value).close("div");
        }
    }

    private String summary() {
        long violated = judgement.violated().size();
        long judged = judgement.results().values().stream()
                .filter(result -> result.status() != CheckResult.Status.SKIPPED)
                .count();
        return switch (judgement.verdict()) {
            case VALID -> "All " + judged + " checks that apply hold.";
            case INVALID ->
                violated + (violated == 1 ? " check is" : " checks are") + " violated, of " + judged + " that apply.";
            case UNKNOWN, SKIPPED ->
                "Nothing is violated, but not every check could be made: such a run does not pass.";
        };
    }

    private void verdicts() {
        page.element("h2", "Verdict").line();
        page.open("div", "class", "scroll").open("table", "class", "wide");
        ReportTables.head(page, "check", "", "verdict", "#violations", "what was looked at");
        for (CheckResult result : judgement.results().values()) {
            String status = result.status().name();
            page.open("tr").element("td", result.id().name());
            page.element("td", result.id().title(), "title", result.id().violation());
            page.element("td", status.toLowerCase(Locale.ROOT), "class", status.toLowerCase(Locale.ROOT) + "-text");
            page.element("td", Numbers.count(result.violations()), "class", "number");
            page.element("td", result.note(), "class", "note").close("tr").line();
        }
        page.close("table").close("div").line();
    }

    private void violations() {
        if (judgement.violated().isEmpty()) {
            return;
        }
        page.element("h2", "Violations").line();
        for (CheckResult result : judgement.results().values()) {
            if (result.status() == CheckResult.Status.INVALID) {
                page.element("h3", result.id() + " " + result.id().title() + ": " + Numbers.count(result.violations()));
                page.element("p", "A violation: " + result.id().violation() + ".", "class", "soft");
                for (String example : result.examples()) {
                    // The judge tells what belongs to an example behind bars: who sent, who polled, who has it.
                    page.element("pre", example.replace(" | ", "\n    ")).line();
                }
            }
        }
    }

    private void timeline() {
        page.element("h2", "Faults and leaders").line();
        page.element(
                "p",
                "Bars are faults, from arming to disarming; one with a dashed outline could not be shown to have had an"
                        + " effect. Crosses are ends of processes, triangles starts, dotted lines phases of the run."
                        + " Below, a lane for each partition has the color of its leader.",
                "class",
                "soft");
        page.add(TimelineChart.draw(figures));
        int left = figures.leaders().size() - TimelineChart.LANES_MAX;
        if (left > 0) {
            page.element("p", left + " more partitions are not drawn.", "class", "soft");
        }
    }

    private void seconds() {
        var charts = new SecondCharts(figures);
        page.element("h2", "Latency of sends").add(charts.latency());
        page.element("h2", "Throughput").add(charts.throughput());
        page.element("h2", "Not read yet").add(charts.unseen());
    }

    private void resources() {
        if (figures.resources().isEmpty()) {
            return;
        }
        page.element("h2", "Resources").open("div", "class", "grid2").line();
        page.add(ResourceChart.ofCounts(figures, "file descriptors", ResourcesRead::descriptors));
        page.add(ResourceChart.ofCounts(figures, "threads", ResourcesRead::threads));
        page.add(ResourceChart.ofBytes(figures, "heap after a collection", ResourcesRead::heapBytes));
        page.add(ResourceChart.ofBytes(figures, "disk", ResourcesRead::diskBytes));
        page.close("div").open("p", "class", "soft").text("Lines have the colors of nodes above: ");
        page.text(String.join(
                ", ",
                figures.resources().keySet().stream()
                        .map(node -> "node " + node)
                        .toList()));
        page.text(".").close("p").line();
    }
}

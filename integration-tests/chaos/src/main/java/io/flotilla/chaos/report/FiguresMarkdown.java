package io.flotilla.chaos.report;

import io.flotilla.chaos.check.CheckResult;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.history.Event.RunStarted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The figures of a run as a Markdown page, to be kept where its history is not. */
public final class FiguresMarkdown {
    private final StringBuilder page = new StringBuilder();

    private FiguresMarkdown() {}

    /**
     * Reads the history of a run and writes the page.
     *
     * @param runDirectory with the folder {@code history}
     * @param markdownFile is replaced if it is there
     * @throws UncheckedIOException if the page cannot be written or the history not be read
     * @throws io.flotilla.chaos.history.HistoryException if there is no history
     */
    public static void write(Path runDirectory, Judgement judgement, Path markdownFile) {
        RunFigures figures = FigureReader.read(runDirectory.resolve(HtmlReport.HISTORY));
        try {
            Files.writeString(markdownFile, page(HtmlReport.nameOf(runDirectory), figures, judgement));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the figures " + markdownFile, failure);
        }
    }

    static String page(String name, RunFigures figures, Judgement judgement) {
        var markdown = new FiguresMarkdown();
        markdown.header(name, figures, judgement);
        markdown.verdicts(judgement);
        markdown.faults(figures);
        markdown.failovers(figures);
        markdown.calls(figures);
        markdown.counters(judgement);
        return markdown.page.toString();
    }

    private void header(String name, RunFigures figures, Judgement judgement) {
        line("# Chaos run " + name + ": " + judgement.verdict().name().toLowerCase(Locale.ROOT));
        line("");
        figures.run().ifPresent(this::run);
        row("duration", Numbers.duration(figures.lastNanos()));
        row("faults", Numbers.count(figures.faults()));
        row("leader changes", Numbers.count(figures.leaderChanges()));
        row("records read", Numbers.count(figures.recordsPolled()));
        row("records compared at the end", Numbers.count(figures.recordsAtEnd()));
        for (String unsound : figures.unsound()) {
            row("the history is not whole", unsound);
        }
        line("");
        line("    " + RunNames.replay(name, figures.run()).replace("\n", "\n    "));
    }

    private void run(RunStarted run) {
        row("what", "value");
        line("|---|---|");
        row("seed", Long.toString(run.seed()));
        row("profile", run.profile());
        row("backend", RunNames.setting(run, "backend"));
        row("brokers", Integer.toString(run.brokers()));
        row("version", RunNames.setting(run, "version"));
    }

    private void verdicts(Judgement judgement) {
        section("Verdict");
        row("check", "", "verdict", "violations", "looked at");
        line("|---|---|---|--:|---|");
        for (CheckResult result : judgement.results().values()) {
            row(
                    result.id().name(),
                    result.id().title(),
                    result.status().name().toLowerCase(Locale.ROOT),
                    Numbers.count(result.violations()),
                    result.note());
        }
        for (CheckResult result : judgement.results().values()) {
            result.examples().stream().findFirst().ifPresent(example -> {
                line("");
                line(result.id() + " " + result.id().title() + ", the first example:");
                line("");
                example.replace(" | ", "\n    ").lines().forEach(text -> line("    " + printable(text)));
            });
        }
    }

    private void faults(RunFigures figures) {
        section("Faults");
        row("fault", "what happens", "armed", "shown to act", "not shown", "active together");
        line("|---|---|--:|--:|--:|--:|");
        for (FaultTally kind : FaultTally.of(figures.bars())) {
            row(
                    kind.fault(),
                    TimelineChart.meaning(kind.fault()),
                    Numbers.count(kind.armed()),
                    Numbers.count(kind.verified()),
                    Numbers.count(kind.unverified()),
                    Numbers.duration(kind.nanos()));
        }
    }

    private void failovers(RunFigures figures) {
        section("Failover");
        line("From a fault's arming until a partition that the struck node led acknowledged a send made afterwards.");
        line("");
        row("fault", "partitions", "acknowledged again", "p50", "p99", "max");
        line("|---|--:|--:|--:|--:|--:|");
        for (FailoverFigures failover : figures.failoversByKind()) {
            row(
                    failover.fault(),
                    Numbers.count(failover.partitions()),
                    Numbers.count(failover.recovered()),
                    Numbers.millis(failover.p50Millis()),
                    Numbers.millis(failover.p99Millis()),
                    Numbers.millis(failover.maxMillis()));
        }
    }

    private void calls(RunFigures figures) {
        section("Calls");
        row("call", "ok", "failed", "unknown", "unanswered", "p50", "p99", "p99.9", "max");
        line("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (CallFigures call : figures.calls()) {
            row(
                    call.kind(),
                    Numbers.count(call.ok()),
                    Numbers.count(call.failed()),
                    Numbers.count(call.unknown()),
                    Numbers.count(call.open()),
                    Numbers.micros(call.p50Micros()),
                    Numbers.micros(call.p99Micros()),
                    Numbers.micros(call.p999Micros()),
                    Numbers.micros(call.maxMicros()));
        }
    }

    private void counters(Judgement judgement) {
        section("Counters");
        row("counter", "");
        line("|---|--:|");
        judgement.counters().forEach((name, count) -> row(name, Numbers.count(count)));
    }

    private void section(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void row(String... cells) {
        for (String cell : cells) {
            page.append("| ").append(cell(cell)).append(' ');
        }
        line("|");
    }

    /** A cell ends at no character of its text, and its text begins no markup. */
    private static String cell(String text) {
        return printable(text).replaceAll("([\\\\`*_\\[\\]<>|])", "\\\\$1");
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}

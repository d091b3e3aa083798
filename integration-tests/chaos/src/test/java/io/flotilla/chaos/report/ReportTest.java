package io.flotilla.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.check.CheckResult;
import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.check.Judgement;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private static final int SECONDS = 100;
    private static final int SENDS_PER_SECOND = 400;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Path run;

    @BeforeAll
    static void makeUpARun() {
        MadeUpRun.write(run, SECONDS, SENDS_PER_SECOND);
    }

    private static Judgement judgement() {
        Map<CheckId, CheckResult> results = new EnumMap<>(CheckId.class);
        for (CheckId id : CheckId.values()) {
            results.put(id, new CheckResult(id, Status.VALID, 0, List.of(), "judged 39 812"));
        }
        results.put(CheckId.C12, new CheckResult(CheckId.C12, Status.SKIPPED, 0, List.of(), ""));
        String example =
                "value 1/70001 was acknowledged at orders-3 offset 418, where the final log has value 1/70002\n"
                        + "  0:41.2 send invoked by process 7 (episode 4: N3 on [5])\n  0:41.3 send ok at 418 "
                        + MadeUpRun.HOSTILE;
        results.put(CheckId.C1, new CheckResult(CheckId.C1, Status.INVALID, 2, List.of(example), "judged 39 | 812"));
        return new Judgement(results, new TreeMap<>(Map.of("sends acknowledged", 39_812L, "records read", 35_000L)));
    }

    private static Document parsed(String html) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    @Test
    void shouldAddUpWhatTheHistoryHas() {
        RunFigures figures = FigureReader.read(run.resolve("history"));

        assertThat(figures.run())
                .hasValueSatisfying(started -> assertThat(started.seed()).isEqualTo(42));
        assertThat(figures.unsound()).isEmpty();
        CallFigures sends = figures.calls().get(0);
        assertThat(sends.ok() + sends.failed() + sends.unknown()).isEqualTo((long) SECONDS * SENDS_PER_SECOND);
        assertThat(sends.open()).isZero();
        assertThat(sends.p50Micros()).isBetween(2_000L, 8_000L);
        assertThat(figures.seconds()).hasSize(SECONDS + 1);
        assertThat(figures.seconds().stream().mapToLong(Second::ok).sum()).isEqualTo(sends.ok());
        assertThat(figures.seconds().stream().mapToLong(Second::failed).sum()).isEqualTo(sends.failed());
        assertThat(figures.seconds().stream().mapToLong(Second::polled).sum()).isEqualTo(figures.recordsPolled());
        assertThat(figures.errors().values()).containsExactly(sends.failed() + sends.unknown());
    }

    @Test
    void shouldPutTheStepsOfAFaultTogether() {
        RunFigures figures = FigureReader.read(run.resolve("history"));

        assertThat(figures.faults()).isEqualTo(10);
        FaultBar first = figures.bars().get(0);
        assertThat(first.fault()).isEqualTo("N1");
        assertThat(first.nodes()).containsExactly(1);
        assertThat(first.startNanos()).isEqualTo(3_000_000_000L);
        assertThat(first.endNanos()).isEqualTo(6_999_999_998L);
        assertThat(first.verified()).isTrue();
        assertThat(first.proof()).isEqualTo("pid 4711 is gone");
        assertThat(figures.bars().get(2).unverified()).isTrue();
    }

    @Test
    void shouldMeasureHowLongPartitionsWereWithoutALeader() {
        RunFigures figures = FigureReader.read(run.resolve("history"));

        assertThat(figures.failovers()).hasSize(10);
        FailoverFigures first = figures.failovers().get(0);
        assertThat(first.partitions()).isEqualTo(4); // of 16, those of the first of 5 brokers
        assertThat(first.recovered()).isEqualTo(4);
        assertThat(first.p50Millis()).isCloseTo(1_030, within(100.0));
        assertThat(first.maxMillis()).isGreaterThanOrEqualTo(first.p50Millis());
        assertThat(figures.failoversByKind().stream().map(FailoverFigures::fault))
                .containsExactly("N1", "N3", "N4", "N8", "N12", "N17", "N23");
    }

    @Test
    void shouldWriteOneWellFormedPageThatNeedsNothingElse() throws Exception {
        Path html = run.resolve("report.html");

        HtmlReport.write(run, judgement(), html);

        String page = Files.readString(html);
        Document document = parsed(page);
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(8);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("link").getLength()).isZero();
        assertThat(document.getElementsByTagName("img").getLength()).isZero();
        assertThat(page)
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContain("NaN")
                .doesNotContain("url(");
        assertThat(document.getElementsByTagName("h1").item(0).getTextContent()).contains("INVALID");
        assertThat(page).contains("flotilla chaos replay " + run.getFileName() + " --backend netns --brokers 5");
        assertThat(page).contains("alert(&#39;x&#39;)").doesNotContain("<script");
    }

    @Test
    void shouldShowARunOfWhichNothingIsKnown(@TempDir Path empty) throws Exception {
        MadeUpRun.write(empty, 0, 0);
        Judgement nothing = new Judgement(new EnumMap<>(CheckId.class), new TreeMap<>());

        HtmlReport.write(empty, nothing, empty.resolve("report.html"));
        FiguresMarkdown.write(empty, nothing, empty.resolve("figures.md"));

        assertThat(parsed(Files.readString(empty.resolve("report.html")))
                        .getElementsByTagName("svg")
                        .getLength())
                .isEqualTo(4);
        assertThat(Files.readString(empty.resolve("figures.md"))).contains("| seed | 42 |");
    }

    @Test
    void shouldPutTheFiguresDownAsTables() throws Exception {
        Path markdown = run.resolve("figures.md");

        FiguresMarkdown.write(run, judgement(), markdown);

        String page = Files.readString(markdown);
        assertThat(page).contains("# Chaos run ").contains("| C1 | lost write | invalid | 2 | judged 39 \\| 812 |");
        assertThat(page).contains("| N1 | SIGKILL, and a start after a while | 2 | 2 | 0 | 8.0 s |");
        assertThat(page).contains("| sends acknowledged | 39\u2009812 |");
        assertThat(page.lines().filter(line -> line.startsWith("| N1 | ")).count())
                .isEqualTo(2);
    }
}

package io.flotilla.chaos.command;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.report.FiguresMarkdown;
import io.flotilla.chaos.report.HtmlReport;
import io.flotilla.chaos.run.ChaosRun;
import io.flotilla.chaos.run.RunSettings;
import io.flotilla.chaos.run.RunSummary;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.ExitCode;
import java.io.IOException;
import java.util.Locale;

/** A run with what follows it: the judgement, the report, and a verdict in one line. */
record JudgedRun(Terminal terminal, RunFolder folder) {

    /** Returns the exit code. */
    int run(Backend backend, RunSettings settings) throws IOException {
        terminal.err()
                .printf(
                        Locale.ROOT,
                        "chaos: seed %d, %d episodes in %s on %d brokers (%s), folder %s%n",
                        settings.plan().seed(),
                        settings.plan().episodes().size(),
                        settings.plan().lengthMillis() / 1000 + " s",
                        backend.nodes().size(),
                        backend.name(),
                        folder.path());
        RunSummary summary = ChaosRun.run(settings, backend, folder.path());
        backend.close(); // judging takes a while, and needs no brokers

        Judgement judgement = Judge.judge(folder.history(), JudgeSettings.defaults());
        judgement.writeTo(folder.path());
        HtmlReport.write(folder.path(), judgement, folder.path().resolve(RunFolder.REPORT));
        FiguresMarkdown.write(folder.path(), judgement, folder.path().resolve(RunFolder.FIGURES));
        terminal.out().print(judgement.toText(RunFolder.EXAMPLES_SHOWN));
        summary.remarks().forEach(remark -> terminal.out().println("remark: " + remark));
        boolean passes = judgement.passes() && summary.remarks().isEmpty();
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "VERDICT chaos %s %s seed=%d brokers=%d seconds=%d report=%s%n",
                        passes ? "PASS" : "FAIL",
                        judgement.verdict().name().toLowerCase(Locale.ROOT),
                        settings.plan().seed(),
                        backend.nodes().size(),
                        summary.seconds(),
                        folder.path().resolve(RunFolder.REPORT));
        terminal.out().flush();
        return (passes ? ExitCode.OK : ExitCode.FAILED).number();
    }
}

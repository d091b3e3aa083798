package io.flotilla.chaos.command;

import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.report.FiguresMarkdown;
import io.flotilla.chaos.report.HtmlReport;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "report",
        description = {
            "Draw the history of a run: one HTML page that needs nothing else.",
            "",
            "Judges the history again; the same figures go into figures.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla chaos report chaos-42", "  flotilla chaos report chaos-42 --output /tmp/report.html"})
final class ReportCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Parameters(paramLabel = "FOLDER", description = "Of a run.")
    private Path folder;

    @Option(names = "--output", paramLabel = "FILE", description = "The page (default: report.html in the folder).")
    private @Nullable Path output;

    @SuppressWarnings("NullAway.Init") // set by picocli
    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "draw the history of " + folder;
    }

    @Override
    public Integer call() throws IOException {
        RunFolder run = new RunFolder(folder).existing(task());
        Judgement judgement = Judge.judge(run.history(), JudgeSettings.defaults());
        Path page = output == null ? run.path().resolve(RunFolder.REPORT) : output;
        HtmlReport.write(run.path(), judgement, page);
        FiguresMarkdown.write(run.path(), judgement, run.path().resolve(RunFolder.FIGURES));
        terminal.out().println(page);
        terminal.out().flush();
        return ExitCode.OK.number();
    }
}

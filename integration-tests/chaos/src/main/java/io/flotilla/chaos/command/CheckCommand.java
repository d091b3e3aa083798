package io.flotilla.chaos.command;

import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Task;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Judge the history of a run again.",
            "",
            "Reads nothing but its history, writes judgement.json beside it, and exits with 0 only if the verdict is"
                    + " valid. 10 million operations need less than 512 MiB of heap."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla chaos check chaos-42", "  flotilla chaos check chaos-42 --json | jq .verdict"})
final class CheckCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Parameters(paramLabel = "FOLDER", description = "Of a run.")
    private Path folder;

    @Option(names = "--json", description = "Print the judgement as JSON.")
    private boolean json;

    @Option(
            names = "--operations-min",
            paramLabel = "COUNT",
            defaultValue = "1000",
            description = "A history with fewer successful operations proves nothing (default: ${DEFAULT-VALUE}).")
    private long operationsMin;

    @SuppressWarnings("NullAway.Init") // set by picocli
    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "judge the history of " + folder;
    }

    @Override
    public Integer call() {
        RunFolder run = new RunFolder(folder).existing(task());
        Judgement judgement =
                Judge.judge(run.history(), JudgeSettings.defaults().withOkOperationsMin(operationsMin));
        judgement.writeTo(run.path());
        terminal.out().print(json ? judgement.toJson() : judgement.toText(RunFolder.EXAMPLES_SHOWN));
        terminal.out().flush();
        return (judgement.passes() ? ExitCode.OK : ExitCode.FAILED).number();
    }
}

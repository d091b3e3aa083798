package io.flotilla.chaos.command;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.journal.Cleanup;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cleanup",
        description = {
            "Undo what a killed run has left behind: processes, stopped ones too, namespaces, mounts, loop devices.",
            "",
            "Goes by the run's journal, and touches a process only if it is the very one that the run started. May be"
                    + " called again. Histories and logs stay."
        },
        footerHeading = "%nExamples:%n",
        footer = "  flotilla chaos cleanup chaos-42")
final class CleanupCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Parameters(paramLabel = "FOLDER", description = "Of a run.")
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set by picocli
    CleanupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "clean up after the run in " + folder;
    }

    @Override
    public Integer call() throws IOException {
        try {
            List<String> undone = Cleanup.run(folder);
            undone.forEach(terminal.out()::println);
            terminal.out().println(undone.isEmpty() ? "nothing was left" : "clean");
            terminal.out().flush();
            return ExitCode.OK.number();
        } catch (FaultException running) {
            throw new CommandFailed(new Failure(
                    "cannot " + task(), String.valueOf(running.getMessage()), "try again then", ExitCode.CONFLICT));
        }
    }
}

package io.flotilla.chaos.command;

import io.flotilla.chaos.run.ChaosRun;
import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folder of one run: its plan, its history, the brokers' folders, the judgement and the report. */
record RunFolder(Path path) {
    /** Of the report in the folder. */
    static final String REPORT = "report.html";

    /** Of the same figures for documents. */
    static final String FIGURES = "figures.md";

    /** Examples of a violation that are printed; judgement and report have more. */
    static final int EXAMPLES_SHOWN = 3;

    RunFolder {
        path = path.toAbsolutePath().normalize();
    }

    Path history() {
        return path.resolve(ChaosRun.HISTORY);
    }

    /**
     * Makes the folder, or takes an empty one.
     *
     * @throws CommandFailed if there is something in it: nothing of another run is ever overwritten
     */
    RunFolder created(String task) throws IOException {
        Files.createDirectories(path);
        try (Stream<Path> content = Files.list(path)) {
            if (content.findAny().isPresent()) {
                throw new CommandFailed(new Failure(
                        "cannot " + task, path + " is not empty", "name another --directory", ExitCode.CONFLICT));
            }
        }
        return this;
    }

    /** @throws CommandFailed if there is no history in the folder */
    RunFolder existing(String task) {
        if (!Files.isDirectory(history())) {
            throw new CommandFailed(new Failure(
                    "cannot " + task,
                    path + " has no folder '" + ChaosRun.HISTORY + "'",
                    "name the --directory of a run",
                    ExitCode.NOT_FOUND));
        }
        return this;
    }
}

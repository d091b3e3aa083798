package io.flotilla.chaos.command;

import io.flotilla.chaos.plant.Plant;
import io.flotilla.chaos.selftest.Selftest;
import io.flotilla.chaos.selftest.SelftestSettings;
import io.flotilla.chaos.selftest.SelftestTable;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "selftest",
        description = {
            "Prove the judge: plant bugs into brokers, and see whether they are found.",
            "",
            "Each plant is tried with each seed, in the scenario that brings its bug to light; sound brokers go through"
                    + " the same scenarios and must raise no alarm. What was tried stands in the folder and is not"
                    + " tried again, so that a selftest that was interrupted goes on."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla chaos selftest --plants P1,P4 --seeds 3 --clean 2",
            "  flotilla chaos selftest --parallel 3                # all of it: more than an hour"
        })
final class SelftestCommand implements Callable<Integer>, Task {
    private final Terminal terminal;

    @Option(
            names = "--plants",
            paramLabel = "PLANTS",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES} (default: all).")
    private List<Plant> plants = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "Runs of each plant, 0 or more (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Of the first run; the next ones count up (default: ${DEFAULT-VALUE}).")
    private long firstSeed;

    @Option(
            names = "--clean",
            paramLabel = "COUNT",
            defaultValue = "50",
            description = "Runs of sound brokers, 0 or more (default: ${DEFAULT-VALUE}).")
    private int clean;

    @Option(
            names = "--parallel",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = {
                "Runs at a time, 1 to 8, each with a cluster of its own (default: ${DEFAULT-VALUE}). Brokers that get too"
                        + " little of the processors are late: 3 is right for two cores."
            })
    private int parallel;

    @Option(
            names = "--directory",
            paramLabel = "FOLDER",
            defaultValue = "chaos-selftest",
            description = "New, or of an earlier selftest that goes on (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set by picocli
    SelftestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "test the judge";
    }

    @Override
    public Integer call() throws IOException {
        SelftestTable table = Selftest.run(
                new SelftestSettings(
                        directory,
                        plants.isEmpty() ? EnumSet.allOf(Plant.class) : EnumSet.copyOf(plants),
                        firstSeed,
                        seeds,
                        clean,
                        parallel),
                terminal.err()::println);
        terminal.out().print(table.toText());
        terminal.out().println("VERDICT selftest " + (table.passes() ? "PASS" : "FAIL"));
        terminal.out().flush();
        return (table.passes() ? ExitCode.OK : ExitCode.FAILED).number();
    }
}

package io.flotilla.chaos.command;

import io.flotilla.cli.CommandProvider;
import io.flotilla.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Brings {@code flotilla chaos}. */
public final class ChaosCommandProvider implements CommandProvider {

    @Override
    public CommandLine command(Terminal terminal) {
        return new CommandLine(new Noun())
                .addSubcommand(new RunCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(new ReportCommand(terminal))
                .addSubcommand(new SelftestCommand(terminal))
                .addSubcommand(new CleanupCommand(terminal));
    }

    @Command(
            name = "chaos",
            synopsisSubcommandLabel = "VERB",
            description = "Break a cluster on purpose, and judge what its clients saw.")
    private static final class Noun {}
}

package io.flotilla.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flotilla.cli.failure.FailureReporter;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What all commands have in common, wherever they come from: {@code --help}, failures in three lines, exit codes. */
public final class CommandStyle {
    private static final String HELP = "--help";
    private static final int HELP_COLUMNS = 100;

    private CommandStyle() {}

    /** To be called once for the root, after the last subcommand was added. */
    public static void applyTo(CommandLine root, Terminal terminal) {
        addHelp(root);
        FailureReporter reporter = new FailureReporter();
        root.setExecutionExceptionHandler(reporter)
                .setParameterExceptionHandler(reporter)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_COLUMNS)
                .setOut(new PrintWriter(terminal.out(), false, UTF_8))
                .setErr(new PrintWriter(terminal.err(), false, UTF_8));
    }

    private static void addHelp(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.findOption(HELP) == null) {
            spec.addOption(OptionSpec.builder("-h", HELP)
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        command.getSubcommands().values().forEach(CommandStyle::addHelp);
    }
}

package io.flotilla.launcher;

import io.flotilla.broker.config.ConfigException;
import io.flotilla.cli.ClientCommands;
import io.flotilla.cli.CommandStyle;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of all commands, and the process's entry point. */
@Command(
        name = "flotilla",
        description = "A replicated, partitioned log with one Raft group per partition.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla dev                           a cluster on this machine",
            "  flotilla topic create orders -p 3      in another terminal",
            "  echo hello | flotilla produce orders",
            "  flotilla consume orders --until end",
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 cannot connect, 5 not authorised, 6 conflict,",
            "7 no answer in time, 130 stopped by Ctrl-C."
        })
public final class Flotilla implements Runnable {

    @Spec
    private CommandSpec spec;

    private Flotilla() {}

    public static void main(String[] arguments) {
        System.setProperty(LogSetup.DEFAULT_LEVEL_PROPERTY, LogSetup.defaultLevelOf(List.of(arguments)));
        System.exit(commandLine(Terminal.ofProcess()).execute(arguments));
    }

    /** All commands, ready to execute. */
    static CommandLine commandLine(Terminal terminal) {
        CommandLine root = new CommandLine(new Flotilla());
        root.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version.")
                        .build());
        ClientCommands.addTo(root, terminal);
        root.addSubcommand(new DevCommand(terminal));
        CommandStyle.applyTo(root, terminal);
        IExecutionExceptionHandler others = root.getExecutionExceptionHandler();
        root.setExecutionExceptionHandler((exception, command, parsed) -> others.handleExecutionException(
                exception instanceof ConfigException wrong ? explained(wrong) : exception, command, parsed));
        return root;
    }

    private static CommandFailed explained(ConfigException wrong) {
        return new CommandFailed(new Failure(
                "cannot start the broker",
                String.valueOf(wrong.getMessage()),
                "correct the setting; deploy/docs/configuration.md lists them all",
                ExitCode.USAGE));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

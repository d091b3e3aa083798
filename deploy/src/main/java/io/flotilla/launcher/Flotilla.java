package io.flotilla.launcher;

import static java.util.Objects.requireNonNull;

import io.flotilla.broker.BrokerCommand;
import io.flotilla.broker.BrokerMain;
import io.flotilla.cli.ClientCommands;
import io.flotilla.cli.CommandProvider;
import io.flotilla.cli.CommandStyle;
import io.flotilla.cli.Terminal;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
            "7 no answer in time, 130 interrupted by Ctrl-C."
        })
public final class Flotilla implements Runnable {

    @Spec
    private CommandSpec spec;

    private Flotilla() {}

    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        System.setProperty(LogSetup.DEFAULT_LEVEL_PROPERTY, words.contains("start") ? "info" : "warn");
        if (words.contains("start") || words.contains("dev")) {
            // Not for short commands: it would double the time they take to start.
            BrokerMain.bridgeLogging();
        }
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
        CommandLine start =
                new CommandLine(new BrokerCommand()).getSubcommands().get("start");
        requireNonNull(root.getSubcommands().get("broker")).addSubcommand(requireNonNull(start));
        root.addSubcommand(new DevCommand(terminal));
        ServiceLoader.load(CommandProvider.class).forEach(provider -> root.addSubcommand(provider.command(terminal)));
        CommandStyle.applyTo(root, terminal);
        return root;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

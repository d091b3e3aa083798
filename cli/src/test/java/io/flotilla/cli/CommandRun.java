package io.flotilla.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs one command line against a cluster in memory and keeps what it printed. */
record CommandRun(int exitCode, String out, String err) {

    @Command(name = "flotilla")
    private static final class Root {}

    static CommandRun of(MemoryCluster cluster, String... arguments) {
        return withInput(cluster, "", arguments);
    }

    static CommandRun withInput(MemoryCluster cluster, String input, String... arguments) {
        return run(settings -> cluster, input, arguments);
    }

    static CommandRun overNetwork(String... arguments) {
        return run(Cluster::overNetwork, "", arguments);
    }

    private static CommandRun run(Cluster.Connector connector, String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        int exitCode = root(terminal, connector).execute(arguments);
        return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    static CommandLine root(Terminal terminal, Cluster.Connector connector) {
        CommandLine root = new CommandLine(new Root());
        ClientCommands.addTo(root, terminal, connector);
        CommandStyle.applyTo(root, terminal);
        return root;
    }
}

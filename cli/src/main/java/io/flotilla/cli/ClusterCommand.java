package io.flotilla.cli;

import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Task;
import io.flotilla.cli.output.OutputFormat;
import io.flotilla.cli.output.Printer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that connects, does one thing and exits. Failures leave {@code run} as exceptions and are printed once. */
abstract class ClusterCommand implements Callable<Integer>, Task {
    private final Terminal terminal;
    private final Cluster.Connector connector;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private OutputOptions output;

    ClusterCommand(Terminal terminal, Cluster.Connector connector) {
        this.terminal = terminal;
        this.connector = connector;
    }

    /** Does the work; data goes through the printer or the terminal's {@code out}. */
    abstract ExitCode run(Cluster cluster) throws IOException;

    /** Checks what single options cannot, before anything is connected; throws {@link #wrong}. */
    void checkArguments() {}

    @Override
    public final Integer call() throws IOException {
        checkArguments();
        try (Cluster cluster = connector.connect(connection.settings())) {
            return run(cluster).number();
        }
    }

    final Terminal terminal() {
        return terminal;
    }

    final OutputFormat format() {
        return output.format();
    }

    /** How long one request may take with its retries. */
    final Duration requestTimeout() {
        return connection.settings().requestTimeout();
    }

    final Printer printer() {
        return new Printer(terminal.out(), format());
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

package io.flotilla.launcher;

import io.flotilla.broker.config.ConfigException;
import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.cli.failure.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dev",
        description = {
            "Run a whole cluster in this process, for development.",
            "",
            "Ctrl-C stops it in order, which exits with 0; started again on the same folder it finds everything."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla dev", "  flotilla dev --brokers 3", "  flotilla dev --data /tmp/try --port 19094"})
final class DevCommand implements Callable<Integer>, Task {
    private static final int BROKERS_MAX = 9;
    private static final int PORT_MAX = 65_000;
    private static final int DEFAULT_BROKERS = 1;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--brokers",
            paramLabel = "COUNT",
            description = "Brokers, 1 to 9 (default: as many as the folder has, else 1).")
    private @Nullable Integer brokers;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where everything is kept (default: $XDG_DATA_HOME/flotilla/dev, else"
                    + " ~/.local/share/flotilla/dev).")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9094",
            description =
                    "Port of the first broker; the next ones have 10, 20, … more, and each uses the two ports above"
                            + " its own too (default: ${DEFAULT-VALUE}).")
    private int port;

    DevCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public String task() {
        return "start a development cluster";
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 1 || port > PORT_MAX) {
            throw wrong("--port " + port + " is outside [1, " + PORT_MAX + "]");
        }
        DevFolder folder = DevFolder.open(data == null ? DevFolder.defaultPath(System.getenv()) : data);
        int count = chooseBrokers(folder);
        terminal.err().println("starting " + count + (count == 1 ? " broker" : " brokers") + " in " + folder.path());
        long startNanos = System.nanoTime();
        EmbeddedCluster cluster = start(new EmbeddedSettings(count, folder.path(), port));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cluster), "stop"));
        folder.rememberBrokers(count);
        terminal.out().println("bootstrap: " + cluster.bootstrap());
        terminal.out().println("metrics: " + metrics(cluster));
        terminal.out()
                .println("ready after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos)
                        + " ms; Ctrl-C stops it, the next start finds everything");
        terminal.out().flush();
        new CountDownLatch(1).await(); // until the hook ends the process
        return ExitCode.OK.number();
    }

    private static String metrics(EmbeddedCluster cluster) {
        return cluster.brokers().stream()
                .flatMap(broker -> broker.http().stream())
                .map(http -> "http://" + http + "/metrics")
                .collect(Collectors.joining(","));
    }

    private EmbeddedCluster start(EmbeddedSettings settings) throws IOException {
        try {
            return EmbeddedCluster.start(settings);
        } catch (ConfigException inTheWay) {
            throw new CommandFailed(new Failure(
                    "cannot " + task(),
                    String.valueOf(inTheWay.getMessage()),
                    "another --data folder and another --port let two clusters run side by side",
                    ExitCode.CONFLICT));
        }
    }

    private int chooseBrokers(DevFolder folder) throws IOException {
        int remembered = folder.brokers().orElse(DEFAULT_BROKERS);
        if (brokers == null) {
            return remembered;
        }
        if (brokers < 1 || brokers > BROKERS_MAX) {
            throw wrong("--brokers " + brokers + " is outside [1, " + BROKERS_MAX + "]");
        }
        if (folder.brokers().isPresent() && brokers != remembered) {
            throw wrong("--brokers " + brokers + ": the cluster in " + folder.path() + " has " + remembered
                    + "; choose another --data folder");
        }
        return brokers;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Without halt the process would end with the signal's own status, although it stopped in order. */
    private void stop(EmbeddedCluster cluster) {
        cluster.close();
        terminal.err().println("stopped");
        Runtime.getRuntime().halt(ExitCode.OK.number());
    }
}

package io.flotilla.quickstart;

import io.flotilla.cluster.ClusterSettings;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code deploy/quickstart}. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "Starts three brokers on this machine, sends every line of the input, kills the broker that leads most in"
                    + " the middle, starts it again, reads everything back and compares.",
            "Exit code 0: nothing acknowledged is missing, changed or duplicated, and all replicas are alike, byte for"
                    + " byte. 1: something else was found, or the cluster did not do its part. 2: the input cannot be"
                    + " used."
        })
public final class Quickstart implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG_INPUT = 2;
    private static final int BROKERS = 3;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "Send the lines of this file: of .csv keyed by the first column, of .json by the member"
                            + " \"id\", of others by the first word. Without it: the project's own source files, keyed by name.")
    private Optional<Path> input = Optional.empty();

    @Option(names = "--keep", description = "Leave the brokers running and say how to stop them.")
    private boolean keep;

    @Option(names = "--project", hidden = true, description = "Root of the checkout whose sources are sent.")
    private Path project = Path.of("");

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    private Quickstart(PrintWriter out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Quickstart(out))
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure))
                .execute(arguments));
    }

    private static int report(Exception failure) {
        boolean wrongInput = failure instanceof InputRefused;
        System.err.println("error: " + (failure.getMessage() == null ? failure : failure.getMessage()));
        if (failure instanceof InputRefused refused) {
            System.err.println("  try: " + refused.remedy());
        }
        return wrongInput ? WRONG_INPUT : FAILED;
    }

    @Override
    public Integer call() throws IOException {
        LineInput lines = input.isPresent() ? new FileInput(input.get()) : SourceFiles.trackedIn(project);
        long lineCount = LineInput.count(lines);
        tell("input: " + lines.description() + ", " + Report.number(lineCount) + " lines, keyed by "
                + lines.keyDescription());

        Path directory = Files.createTempDirectory("flotilla-quickstart-");
        tell("starting " + BROKERS + " brokers; data and logs are in " + directory);
        boolean passed = false;
        try (ProcessCluster cluster = ProcessCluster.start(ClusterSettings.of(BROKERS, directory))) {
            tell("brokers are ready at " + cluster.bootstrap());
            Outcome outcome = new Demonstration(cluster, this::tell).run(lines, lineCount);
            out.println();
            Report.lines(outcome).forEach(out::println);
            passed = outcome.passed();
            if (keep) {
                leaveRunning(cluster, directory);
            }
        } finally {
            if (!passed && !keep) {
                System.err.println("data and logs are kept in " + directory);
            }
        }
        if (passed && !keep) {
            DirectoryTree.delete(directory);
        }
        return passed ? 0 : FAILED;
    }

    private void leaveRunning(ProcessCluster cluster, Path directory) {
        String pids = cluster.runningIds().stream()
                .map(id -> Long.toString(cluster.pid(id)))
                .collect(Collectors.joining(" "));
        cluster.leaveRunning();
        List.of(
                        "",
                        "The brokers go on running.",
                        "  bootstrap  " + cluster.bootstrap(),
                        "  topic      " + Demonstration.TOPIC,
                        "  pids       " + pids,
                        "  data       " + directory,
                        "Stop them:   kill " + pids + "    and remove the data:   rm -r " + directory)
                .forEach(out::println);
    }

    private void tell(String event) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        out.println(String.format(Locale.ROOT, "[%5.1f s] %s", seconds, event));
    }
}

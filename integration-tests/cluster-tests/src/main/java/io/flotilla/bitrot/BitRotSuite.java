package io.flotilla.bitrot;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run bit-rot}. */
@Command(
        name = "run bit-rot",
        mixinStandardHelpOptions = true,
        description = "Damages files of one of three brokers before each of its starts, at most one of each partition's"
                + " replica, and tells what became of each. Passes if nothing wrong was served, writing went on, and every"
                + " damage was repaired or meant nothing.")
public final class BitRotSuite implements Callable<Integer> {
    /** File in a run's folder that its brokers log to. */
    static final String BROKERS_LOG = "brokers.log";
    /** What the configuration of the log calls that file. */
    private static final String LOG_PROPERTY = "flotilla.bit-rot.log";

    @Option(
            names = {"--places", "--flips"},
            paramLabel = "N",
            description = "How many places to damage; default 200. Acceptance takes 2000.")
    private int places = 200;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of places and mutations; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(
            names = "--mutations",
            split = ",",
            paramLabel = "KIND",
            description =
                    "Of flip, truncate, zero, swap and delete, separated by commas; default all, most of them flips.")
    private List<Mutation> mutations = List.of(Mutation.values());

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the data goes; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private final long startNanos = System.nanoTime();

    private BitRotSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BitRotSuite())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-bit-rot-" + seed + "-");
        System.setProperty(LOG_PROPERTY, runDirectory.resolve(BROKERS_LOG).toString()); // before the first logger
        try {
            BitRotRun.Result result = new BitRotRun(runDirectory, seed, places, mutations, this::tell).run();
            boolean passed = result.violations().isEmpty() && result.tally().sound() == places;
            System.out.println(result.tally());
            System.out.println("VERDICT bit-rot " + (passed ? "PASS" : "FAIL") + " seed=" + seed + " places="
                    + result.tally().places() + " sound=" + result.tally().sound() + counts(result.tally())
                    + " violations=" + result.violations().size() + " acknowledged=" + result.acknowledged()
                    + " ledByVictim=" + result.ledByVictim() + " leftOut="
                    + result.retired().size()
                    + String.format(Locale.ROOT, " seconds=%.0f", seconds())
                    + (passed ? "" : " data=" + runDirectory));
            if (passed) {
                DirectoryTree.delete(runDirectory);
            }
            return passed ? 0 : 1;
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            System.out.println("VERDICT bit-rot FAIL seed=" + seed + " data=" + runDirectory);
            return 1;
        }
    }

    private static String counts(Tally tally) {
        StringBuilder counts = new StringBuilder();
        for (Fate fate : Fate.values()) {
            counts.append(' ').append(fate).append('=').append(tally.count(fate));
        }
        return counts.toString();
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void tell(String event) {
        System.out.println(String.format(Locale.ROOT, "  [%6.1f s] %s", seconds(), event));
    }
}

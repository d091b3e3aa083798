package io.flotilla.cluster.suite;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run replication}. */
@Command(
        name = "run replication",
        mixinStandardHelpOptions = true,
        description = "Breaks clusters of three broker processes in every way of the plan while clients write, and"
                + " judges what the clients saw and what the replicas hold.")
public final class ReplicationSuite implements Callable<Integer> {
    @Option(names = "--seeds", paramLabel = "N", description = "How many runs, each from the next seed; default 5.")
    private int seeds = 5;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the first run; random by default.")
    private long firstSeed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private ReplicationSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ReplicationSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        var tally = new Tally();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            FaultPlan plan = FaultPlan.of(seed);
            Path runDirectory = Files.createTempDirectory(directory, "flotilla-replication-" + seed + "-");
            System.out.println("seed " + seed + ": " + plan.faults() + ", data and logs in " + runDirectory);
            try {
                ReplicationRun.Result result = new ReplicationRun(plan, runDirectory, storyOf(seed)).run();
                result.complaints().forEach(System.out::println);
                tally.add(result);
                print(result.complaints().isEmpty(), "seed=" + seed + " " + figures(result));
                if (result.complaints().isEmpty()) {
                    DirectoryTree.delete(runDirectory);
                }
            } catch (IllegalStateException failure) {
                failure.printStackTrace(System.out);
                tally.failed++;
                print(false, "seed=" + seed + " cause=" + failure.getMessage());
            }
        }
        if (seeds != 1) {
            print(tally.failed == 0, "seeds=" + seeds + " " + tally);
        }
        return tally.failed == 0 ? 0 : 1;
    }

    /** Over all runs. */
    private static final class Tally {
        private int failed;
        private long acknowledged;
        private Duration longestSilence = Duration.ZERO;

        void add(ReplicationRun.Result result) {
            Duration silence = result.availability().longestSilence();
            longestSilence = silence.compareTo(longestSilence) > 0 ? silence : longestSilence;
            acknowledged += result.verdict().acknowledged();
            failed += result.complaints().isEmpty() ? 0 : 1;
        }

        @Override
        public String toString() {
            return "failed=" + failed + " acknowledged=" + acknowledged + " longest_silence=" + seconds(longestSilence);
        }
    }

    private static String figures(ReplicationRun.Result result) {
        return "acknowledged=" + result.verdict().acknowledged() + " read="
                + result.verdict().read() + " longest_silence="
                + seconds(result.availability().longestSilence());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2fs", duration.toMillis() / 1e3);
    }

    private static void print(boolean passed, String details) {
        System.out.println("VERDICT replication " + (passed ? "PASS " : "FAIL ")
                + details.lines().findFirst().orElse(""));
    }

    private static Consumer<String> storyOf(long seed) {
        long startNanos = System.nanoTime();
        return event -> System.out.println(String.format(
                Locale.ROOT, "  seed %d [%6.1f s] %s", seed, (System.nanoTime() - startNanos) / 1e9, event));
    }
}

package io.flotilla.membership;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run membership}. */
@Command(
        name = "run membership",
        mixinStandardHelpOptions = true,
        description =
                "Adds brokers, takes them away, wipes disks and restarts everything while clients write, and judges"
                        + " what the clients saw and what the replicas hold.")
public final class MembershipSuite implements Callable<Integer> {
    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "NAME",
            description = "Of ${COMPLETION-CANDIDATES}; default all.")
    private List<Scenario> scenarios = List.of(Scenario.values());

    @Option(names = "--repetitions", paramLabel = "N", description = "Of each scenario; default ${DEFAULT-VALUE}.")
    private int repetitions = 1;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the first run; random by default.")
    private long firstSeed = new SplittableRandom().nextInt(1_000_000);

    @Option(
            names = "--outage",
            paramLabel = "SECONDS",
            description = "How long the metadata has no quorum in metadata_outage; default ${DEFAULT-VALUE}.")
    private int outageSeconds = 30;

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private int failed;
    private int runs;

    private MembershipSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MembershipSuite())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        for (Scenario scenario : scenarios) {
            for (int repetition = 0; repetition < repetitions; repetition++) {
                run(scenario, firstSeed + repetition);
            }
        }
        System.out.println("VERDICT membership " + (failed == 0 ? "PASS" : "FAIL") + " runs=" + runs + " failed="
                + failed + " seed=" + firstSeed);
        return failed == 0 ? 0 : 1;
    }

    private void run(Scenario scenario, long seed) throws IOException {
        String name = scenario.name().toLowerCase(Locale.ROOT);
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-membership-" + name + "-");
        System.out.println(name + ": seed " + seed + ", data and logs in " + runDirectory);
        runs++;
        try {
            ScenarioRun.Result result = new ScenarioRun(
                            scenario, seed, Duration.ofSeconds(outageSeconds), runDirectory, storyOf(name))
                    .run();
            result.complaints().forEach(System.out::println);
            print(result.complaints().isEmpty(), name, figures(seed, result));
            if (result.complaints().isEmpty()) {
                DirectoryTree.delete(runDirectory);
            }
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            print(false, name, "seed=" + seed + " cause=" + failure.getMessage());
        }
    }

    private void print(boolean passed, String name, String details) {
        failed += passed ? 0 : 1;
        System.out.println("RESULT " + name + (passed ? " PASS " : " FAIL ")
                + details.lines().findFirst().orElse(""));
    }

    private static String figures(long seed, ScenarioRun.Result result) {
        return "seed=" + seed + " acknowledged=" + result.verdict().acknowledged() + " failed=" + result.failed()
                + " longest_silence=" + seconds(result.availability().longestSilence()) + " slowest_ack="
                + seconds(result.availability().slowestAck()) + " p99=" + seconds(result.p99());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3fs", duration.toMillis() / 1e3);
    }

    private static Consumer<String> storyOf(String name) {
        long startNanos = System.nanoTime();
        return event -> System.out.println(
                String.format(Locale.ROOT, "  %s [%6.1f s] %s", name, (System.nanoTime() - startNanos) / 1e9, event));
    }
}

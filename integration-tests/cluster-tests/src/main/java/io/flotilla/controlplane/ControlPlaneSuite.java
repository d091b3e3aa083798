package io.flotilla.controlplane;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run control-plane}. */
@Command(
        name = "run control-plane",
        mixinStandardHelpOptions = true,
        description = "Makes and deletes topics while brokers are stopped and killed, and judges whether each broker's"
                + " metadata is what the committed log leads to and what clients were told.")
public final class ControlPlaneSuite implements Callable<Integer> {
    @Option(names = "--calls", paramLabel = "N", description = "Calls in all; default ${DEFAULT-VALUE}.")
    private int calls = 1_000;

    @Option(names = "--workers", paramLabel = "N", description = "Calls at a time; default ${DEFAULT-VALUE}.")
    private int workers = 8;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description = "Of brokers, orderly ones and kills by turns; default ${DEFAULT-VALUE}.")
    private int restarts = 12;

    @Option(names = "--seeds", paramLabel = "N", description = "How many runs, each from the next seed; default 1.")
    private int seeds = 1;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the first run; random by default.")
    private long firstSeed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private int failed;

    private ControlPlaneSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ControlPlaneSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            run(new RunSettings(calls, workers, restarts, seed));
        }
        if (seeds != 1) {
            print(failed == 0, "seeds=" + seeds + " failed=" + failed);
        }
        return failed == 0 ? 0 : 1;
    }

    private void run(RunSettings settings) throws IOException {
        String seed = "seed=" + settings.seed();
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-control-plane-" + settings.seed() + "-");
        System.out.println("seed " + settings.seed() + ": data and logs in " + runDirectory);
        boolean passed = false;
        String details;
        try {
            ControlPlaneRun.Result result = new ControlPlaneRun(settings, runDirectory, storyOf(settings.seed())).run();
            System.out.println("  calls: " + result.calls());
            System.out.println("  commands in the log: " + result.figures().commands());
            System.out.println("  restarts by broker: " + result.restarts());
            result.complaints().forEach(System.out::println);
            passed = result.complaints().isEmpty();
            details = seed + " " + figures(result);
            if (passed) {
                DirectoryTree.delete(runDirectory);
            }
        } catch (IllegalStateException | IOException failure) {
            failure.printStackTrace(System.out);
            details = seed + " cause=" + failure.getMessage();
        }
        failed += passed ? 0 : 1;
        print(passed, details);
    }

    private static void print(boolean passed, String details) {
        System.out.println("VERDICT control-plane " + (passed ? "PASS " : "FAIL ")
                + details.lines().findFirst().orElse(""));
    }

    private static String figures(ControlPlaneRun.Result result) {
        Judgement.Figures figures = result.figures();
        return String.format(
                Locale.ROOT,
                "calls=%d unknown=%d longest_call=%.3fs restarts=%d of_leader=%d terms=%d entries=%d snapshots=%d"
                        + " topics_made=%d topics_left=%d unsure_names=%d complaints=%d",
                result.calls().calls(),
                result.calls().unknown(),
                result.calls().longest().toMillis() / 1e3,
                result.restarts().values().stream().mapToInt(Integer::intValue).sum(),
                result.restartsOfLeader(),
                figures.terms(),
                figures.entries(),
                figures.snapshots(),
                figures.topicsMade(),
                figures.topics(),
                figures.unsure(),
                result.complaints().size());
    }

    private static Consumer<String> storyOf(long seed) {
        long startNanos = System.nanoTime();
        return event -> System.out.println(String.format(
                Locale.ROOT, "  seed %d [%6.1f s] %s", seed, (System.nanoTime() - startNanos) / 1e9, event));
    }
}

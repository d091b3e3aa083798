package io.flotilla.cluster.suite;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run power-loss}. */
@Command(
        name = "run power-loss",
        mixinStandardHelpOptions = true,
        description = "Cuts the power of the disks of one, two and all three brokers right behind acknowledgements, and"
                + " judges what is left. Needs root, to mount the disks, Perl, and e2fsprogs and xfsprogs, to make them; a"
                + " file system that this machine cannot do is skipped and says why.")
public final class PowerLossSuite implements Callable<Integer> {
    @Option(names = "--trials", paramLabel = "N", description = "Losses of power for each file system; default 10.")
    private int trials = 10;

    @Option(names = "--fs", paramLabel = "KIND", description = "Only ext4 or only xfs; default both.")
    private List<LoopDisk.Kind> kinds = List.of(LoopDisk.Kind.values());

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of victims, moments and traffic; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where disks and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private final long startNanos = System.nanoTime();
    private final List<String> skipped = new ArrayList<>();
    private int done;
    private int failed;
    private long acknowledged;

    private PowerLossSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PowerLossSuite())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        for (LoopDisk.Kind kind : kinds) {
            Path runDirectory = Files.createTempDirectory(directory, "flotilla-power-loss-" + kind + "-");
            Optional<String> obstacle = ClusterOnDisks.obstacle(kind, runDirectory);
            if (obstacle.isPresent()) {
                System.out.println(kind + " is skipped: " + obstacle.get());
                skipped.add(kind.toString());
            } else {
                run(kind, runDirectory);
            }
            if (failed == 0) {
                DirectoryTree.delete(runDirectory);
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT power-loss %s seed=%d trials=%d failed=%d acknowledged=%d seconds=%.0f skipped=%s",
                failed > 0 ? "FAIL" : done > 0 ? "PASS" : "SKIPPED",
                seed,
                done,
                failed,
                acknowledged,
                (System.nanoTime() - startNanos) / 1e9,
                skipped.isEmpty() ? "none" : String.join(",", skipped)));
        return failed == 0 ? 0 : 1;
    }

    private void run(LoopDisk.Kind kind, Path runDirectory) throws IOException {
        try (PowerLossRun run = PowerLossRun.start(kind, seed, runDirectory, this::tell)) {
            for (int number = 0; number < trials; number++) {
                PowerLossRun.Result result = run.trial(number);
                done++;
                acknowledged += result.verdict().acknowledged();
                if (!result.complaints().isEmpty()) {
                    failed++;
                    tell(kind + " trial " + number + " FAILED, data and logs in " + runDirectory);
                    result.complaints().forEach(System.out::println);
                }
            }
        } catch (IllegalStateException failure) {
            failed++;
            tell(kind + " FAILED, logs in " + runDirectory);
            failure.printStackTrace(System.out);
        }
    }

    private void tell(String event) {
        System.out.println(String.format(Locale.ROOT, "  [%6.1f s] %s", (System.nanoTime() - startNanos) / 1e9, event));
    }
}

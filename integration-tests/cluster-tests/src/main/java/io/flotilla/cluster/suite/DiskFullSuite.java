package io.flotilla.cluster.suite;

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

/** Entry point of {@code integration-tests/run disk-full}. */
@Command(
        name = "run disk-full",
        mixinStandardHelpOptions = true,
        description = "Fills the disks of a cluster's brokers while clients write, first one, then all; needs root, to"
                + " mount small disks in memory.")
public final class DiskFullSuite implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "S", description = "Seed of the traffic; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private DiskFullSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DiskFullSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            System.out.println("VERDICT disk-full SKIPPED it mounts disks, which needs root");
            return 0;
        }
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-disk-full-" + seed + "-");
        try {
            DiskFullRun.Result result = new DiskFullRun(runDirectory, seed, story()).run();
            result.complaints().forEach(System.out::println);
            boolean passed = result.complaints().isEmpty();
            System.out.println(String.format(
                    Locale.ROOT,
                    "VERDICT disk-full %s seed=%d acknowledged=%d read=%d resumed_after=%.2fs",
                    passed ? "PASS" : "FAIL",
                    seed,
                    result.verdict().acknowledged(),
                    result.verdict().read(),
                    result.resumed().toMillis() / 1e3));
            if (passed) {
                DirectoryTree.delete(runDirectory);
            }
            return passed ? 0 : 1;
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            System.out.println("VERDICT disk-full FAIL seed=" + seed + " cause="
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
                    + " logs=" + runDirectory);
            return 1;
        }
    }

    private static Consumer<String> story() {
        long startNanos = System.nanoTime();
        return event -> System.out.println(
                String.format(Locale.ROOT, "  [%6.1f s] %s", (System.nanoTime() - startNanos) / 1e9, event));
    }
}

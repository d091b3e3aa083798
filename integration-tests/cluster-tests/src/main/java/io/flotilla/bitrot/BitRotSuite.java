package io.flotilla.bitrot;

import io.flotilla.bitrot.BitRotRun.Fate;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run bit-rot}. */
@Command(
        name = "run bit-rot",
        mixinStandardHelpOptions = true,
        description = "Flips single bits in the files of one of three brokers, one before each of its starts, and tells"
                + " what became of each. Passes if nothing wrong was served, writing went on, and every flip was"
                + " repaired or meant nothing.")
public final class BitRotSuite implements Callable<Integer> {
    @Option(names = "--flips", paramLabel = "N", description = "How many bits, one after the other; default 100.")
    private int flips = 100;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the places; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the data goes; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private BitRotSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BitRotSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-bit-rot-" + seed + "-");
        try {
            BitRotRun.Result result = new BitRotRun(runDirectory, seed, flips, System.out::println).run();
            result.fates().forEach((kind, fates) -> System.out.println(kind + ": " + fates));
            long repaired = count(result, Fate.SOUND);
            boolean passed = result.violations().isEmpty() && repaired == flips;
            System.out.println("VERDICT bit-rot " + (passed ? "PASS" : "FAIL") + " seed=" + seed + " flips=" + flips
                    + " sound=" + repaired + " stopped=" + count(result, Fate.STOPPED) + " refused="
                    + count(result, Fate.REFUSED) + " unnoticed=" + count(result, Fate.UNNOTICED) + " violations="
                    + result.violations().size());
            DirectoryTree.delete(runDirectory);
            return passed ? 0 : 1;
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            System.out.println("VERDICT bit-rot FAIL seed=" + seed + " data=" + runDirectory);
            return 1;
        }
    }

    private static long count(BitRotRun.Result result, Fate fate) {
        return result.fates().values().stream()
                .mapToLong(fates -> fates.getOrDefault(fate, 0))
                .sum();
    }
}

package io.flotilla.cluster.suite;

import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Entry point of {@code integration-tests/run catch-up}. */
@Command(
        name = "run catch-up",
        mixinStandardHelpOptions = true,
        description = "Stops a broker until the others' Raft logs no longer hold what it lacks, starts it, and measures"
                + " what it fetches and how long it takes until its replica is equal to theirs.")
public final class CatchUpSuite implements Callable<Integer> {
    private static final long MIB = 1 << 20;
    private static final long BYTES_MIN = 48 * MIB;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            converter = Bytes.class,
            description =
                    "Bytes appended while the broker is down, such as 200MiB or 1GiB; 48MiB or more, default 96MiB.")
    private long bytes = 96 * MIB;

    @Option(names = "--kill", description = "Kills the broker once more while it fetches; bytes are not judged then.")
    private boolean kill = false;

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private CatchUpSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CatchUpSuite()).execute(arguments));
    }

    /** Reads {@code 100}, {@code 100MiB} and {@code 1GiB}. */
    private static final class Bytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            String digits = text.replaceFirst("(MiB|GiB)$", "");
            long unit = text.endsWith("GiB") ? 1024 * MIB : text.endsWith("MiB") ? MIB : 1;
            try {
                long value = Math.multiplyExact(Long.parseLong(digits), unit);
                if (value >= BYTES_MIN) {
                    return value;
                }
            } catch (ArithmeticException | NumberFormatException malformed) {
                throw new TypeConversionException("'" + text + "' is no number of bytes such as 96MiB or 1GiB");
            }
            throw new TypeConversionException(
                    "'" + text + "' is below 48MiB: the others' Raft logs would hold what the broker lacks");
        }
    }

    @Override
    public Integer call() throws IOException {
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-catch-up-");
        try {
            CatchUpRun.Result result = new CatchUpRun(runDirectory, bytes, kill, story()).run();
            result.complaints().forEach(System.out::println);
            boolean passed = result.complaints().isEmpty();
            System.out.println(String.format(
                    Locale.ROOT,
                    "VERDICT catch-up %s differing=%d fetched=%d ratio=%.4f seconds=%.2f%s",
                    passed ? "PASS" : "FAIL",
                    result.differing(),
                    result.fetched(),
                    (double) result.fetched() / result.differing(),
                    result.duration().toMillis() / 1e3,
                    passed ? "" : " logs=" + runDirectory));
            if (passed) {
                DirectoryTree.delete(runDirectory);
            }
            return passed ? 0 : 1;
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
            System.out.println("VERDICT catch-up FAIL cause="
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " logs=" + runDirectory);
            return 1;
        }
    }

    private static Consumer<String> story() {
        long startNanos = System.nanoTime();
        return event -> System.out.println(
                String.format(Locale.ROOT, "  [%6.1f s] %s", (System.nanoTime() - startNanos) / 1e9, event));
    }
}

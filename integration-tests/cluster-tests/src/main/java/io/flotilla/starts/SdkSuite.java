package io.flotilla.starts;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run sdk}. */
@Command(
        name = "run sdk",
        mixinStandardHelpOptions = true,
        description =
                "Starts and stops clusters inside this JVM as users' tests do: measures how long a start takes, and"
                        + " judges that no thread, open file, listening port or folder is left behind.")
public final class SdkSuite implements Callable<Integer> {
    /** Median of the starts that is aimed at, on two processors. */
    private static final long MEDIAN_MILLIS_MAX = 3_000;

    @Option(names = "--starts", paramLabel = "N", description = "Starts after three that warm up, default 100.")
    private int starts = 100;

    @Option(names = "--brokers", paramLabel = "N", description = "Brokers of each cluster, 1 to 9, default 3.")
    private int brokers = 3;

    @Option(names = "--no-limit", description = "Measures the median without judging it, on a machine that is busy.")
    private boolean noLimit = false;

    private SdkSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SdkSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        StartsRun.Result result = new StartsRun(brokers, starts).run();
        result.leaks().forEach(leak -> System.out.println("  left behind: " + leak));
        boolean slow = !noLimit && result.medianMillis() > MEDIAN_MILLIS_MAX;
        if (slow) {
            System.out.println("  the median start took more than " + MEDIAN_MILLIS_MAX + " ms");
        }
        boolean passed = result.leaks().isEmpty() && !slow;
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT sdk %s brokers=%d starts=%d firstMillis=%d medianMillis=%d maxMillis=%d threads=%d/%d files=%d/%d"
                        + " ports=%d/%d folders=%d leaks=%d",
                passed ? "PASS" : "FAIL",
                brokers,
                starts,
                result.firstMillis(),
                result.medianMillis(),
                result.maxMillis(),
                result.before().threadCount(),
                result.after().threadCount(),
                result.before().fileCount(),
                result.after().fileCount(),
                result.before().listeningPorts(), // the guard of this process's block of ports
                result.after().listeningPorts(),
                result.after().folders(),
                result.leaks().size()));
        return passed ? 0 : 1;
    }
}

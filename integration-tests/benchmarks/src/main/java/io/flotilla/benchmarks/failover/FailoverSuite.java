package io.flotilla.benchmarks.failover;

import io.flotilla.client.ClientSettings;
import io.flotilla.cluster.BrokerNetworks;
import io.flotilla.cluster.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run failover}. */
@Command(
        name = "run failover",
        mixinStandardHelpOptions = true,
        description =
                "Kills, pauses, cuts off and drains the broker that leads most partitions, again and again, and measures"
                        + " how long each of them is without acknowledgements; then reads everything back. Cutting needs root and"
                        + " iproute2, to give each broker a network of its own; where that is missing it is skipped.")
public final class FailoverSuite implements Callable<Integer> {
    /** Short, so that what is measured is the cluster's time and not a pause of the client. */
    private static final Duration EAGER_RETRY_MIN = Duration.ofMillis(5);

    private static final Duration EAGER_RETRY_MAX = Duration.ofMillis(25);
    private static final Duration EAGER_LEADER_CHECK = Duration.ofMillis(100);
    private static final int BROKERS = 3;

    @Option(names = "--trials", paramLabel = "N", description = "Of each kind of trouble; default ${DEFAULT-VALUE}.")
    private int trials = 50;

    @Option(names = "--partitions", paramLabel = "N", description = "Of three replicas; default ${DEFAULT-VALUE}.")
    private int partitions = 16;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Of kill, pause, cut, transfer, stop; default all.")
    private List<Trouble> kinds = List.of(Trouble.values());

    @Option(
            names = "--default-client",
            description = "Writers retry and look for leaders as the SDK does by default, and not as soon as they can.")
    private boolean defaultClient;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the moments; random by default.")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where data and logs go; default a temporary one.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private final long startNanos = System.nanoTime();
    private final List<Outages> outages = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private long acknowledged;
    private int failed;

    private FailoverSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FailoverSuite())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        var plan =
                new FailoverRun.Plan(trials, partitions, seed, defaultClient ? client -> client : FailoverSuite::eager);
        for (Trouble trouble : kinds) {
            if (trouble.needsNetworks()) {
                runOnNetworks(trouble, plan);
            } else {
                run(trouble, plan, null);
            }
        }
        Outages.table(outages).forEach(System.out::println);
        System.out.println(String.format(
                Locale.ROOT,
                "VERDICT failover %s %s acknowledged=%d missing=%d failed=%d seed=%d seconds=%.0f skipped=%s",
                failed > 0 ? "FAIL" : outages.isEmpty() ? "SKIPPED" : "PASS",
                outages.stream().map(Outages::figures).collect(Collectors.joining(" ")),
                acknowledged,
                outages.stream().mapToInt(Outages::missing).sum(),
                failed,
                seed,
                (System.nanoTime() - startNanos) / 1e9,
                skipped.isEmpty() ? "none" : String.join(",", skipped)));
        return failed == 0 ? 0 : 1;
    }

    private static ClientSettings eager(ClientSettings settings) {
        return settings.withRetryBackoff(EAGER_RETRY_MIN, EAGER_RETRY_MAX).withLeaderCheckInterval(EAGER_LEADER_CHECK);
    }

    private void runOnNetworks(Trouble trouble, FailoverRun.Plan plan) throws IOException {
        BrokerNetworks made;
        try {
            made = BrokerNetworks.make(BROKERS);
        } catch (IOException obstacle) {
            System.out.println(trouble + " is skipped: " + obstacle.getMessage());
            skipped.add(trouble.toString());
            return;
        }
        try (BrokerNetworks networks = made) {
            run(trouble, plan, networks);
        }
    }

    private void run(Trouble trouble, FailoverRun.Plan plan, @Nullable BrokerNetworks networks) throws IOException {
        Path runDirectory = Files.createTempDirectory(directory, "flotilla-failover-" + trouble + "-");
        try {
            FailoverRun.Result result = new FailoverRun(trouble, plan, runDirectory, this::tell).run(networks);
            outages.add(result.outages());
            acknowledged += result.verdict().acknowledged();
            if (result.complaints().isEmpty()) {
                DirectoryTree.delete(runDirectory);
                return;
            }
            result.complaints().forEach(System.out::println);
        } catch (IllegalStateException failure) {
            failure.printStackTrace(System.out);
        }
        failed++;
        tell(trouble + " FAILED, data and logs in " + runDirectory);
    }

    private void tell(String event) {
        System.out.println(String.format(Locale.ROOT, "  [%6.1f s] %s", (System.nanoTime() - startNanos) / 1e9, event));
    }
}

package io.flotilla.benchmarks;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.ClusterDescription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run commits}. */
@Command(
        name = "run commits",
        mixinStandardHelpOptions = true,
        description =
                "Measures how many offsets groups commit a second through the one metadata group, and what each costs"
                        + " the brokers.")
public final class Commits implements Callable<Integer> {
    /** Offsets in each call: a member with one partition, with a few, with many. */
    private static final List<Integer> OFFSETS_PER_CALL = List.of(1, 4, 100);

    private static final int PARTITIONS = 100;
    private static final double MICROS_PER_MILLI = 1_000;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Groups, each with one call; default ${DEFAULT-VALUE}.")
    private int inFlight = 1_000;

    @Option(names = "--connections", paramLabel = "N", description = "That they share; default ${DEFAULT-VALUE}.")
    private int connections = 4;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before each row; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 15;

    @Option(names = "--seconds", description = "Length of a repetition; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--repetitions", description = "Default ${DEFAULT-VALUE}.")
    private int repetitions = 3;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each broker; default ${DEFAULT-VALUE}.")
    private int heapMib = 768;

    private Commits() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Commits()).execute(arguments));
    }

    /** @param brokerMicros processor time of all brokers for one offset */
    private record Row(int offsets, Spread callsPerSecond, double p50Millis, double p99Millis, double brokerMicros) {
        Spread offsetsPerSecond() {
            return new Spread(
                    callsPerSecond.median() * offsets, callsPerSecond.min() * offsets, callsPerSecond.max() * offsets);
        }
    }

    @Override
    public Integer call() throws IOException {
        System.out.println(Environment.line());
        List<Row> rows = new ArrayList<>();
        try (BenchmarkCluster cluster = BenchmarkCluster.start(heapMib)) {
            String topic = cluster.newTopic(PARTITIONS);
            for (int offsets : OFFSETS_PER_CALL) {
                rows.add(measure(cluster, topic, offsets));
            }
        }
        Table.lines(
                        List.of(
                                Column.number("OFFSETS A CALL", Row::offsets),
                                new Column<>("CALLS/S", true, row -> row.callsPerSecond()
                                        .format(0)),
                                new Column<>("OFFSETS/S", true, row -> row.offsetsPerSecond()
                                        .format(0)),
                                new Column<>("P50 MS", true, row -> decimal(row.p50Millis())),
                                new Column<>("P99 MS", true, row -> decimal(row.p99Millis())),
                                new Column<>("BROKER US/OFFSET", true, row -> decimal(row.brokerMicros()))),
                        rows)
                .forEach(System.out::println);
        System.out.println(inFlight + " groups with one call each under way over " + connections + " connections; "
                + BenchmarkCluster.REPLICAS + " voters, fsync on a majority before each answer; median (min-max) of "
                + repetitions + " repetitions of " + seconds + " s after " + warmUpSeconds + " s of warm-up");
        System.out.println("VERDICT commits PASS");
        return 0;
    }

    private Row measure(BenchmarkCluster cluster, String topic, int offsets) throws IOException {
        try (CommitLoad load = CommitLoad.start(coordinator(cluster), connections, inFlight, topic, offsets)) {
            load.during(Duration.ofSeconds(warmUpSeconds));
            BrokerWork before = BrokerWork.of(cluster.processes());
            double[] callsPerSecond = new double[repetitions];
            long calls = 0;
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < repetitions; i++) {
                CommitLoad.Seen seen = load.during(Duration.ofSeconds(seconds));
                callsPerSecond[i] = seen.calls() / seen.seconds();
                calls += seen.calls();
                nanos.addAll(seen.sortedNanos());
            }
            long cpuMillis = BrokerWork.of(cluster.processes()).since(before).cpuMillis();
            load.requireNoFailure();
            List<Long> sorted = nanos.stream().sorted().toList();
            return new Row(
                    offsets,
                    Spread.of(callsPerSecond),
                    millisAt(sorted, 50),
                    millisAt(sorted, 99),
                    cpuMillis * MICROS_PER_MILLI / Math.max(1, calls * offsets));
        }
    }

    private static double millisAt(List<Long> sorted, int percent) {
        return sorted.isEmpty()
                ? Double.NaN
                : (double) sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100))
                        / TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** The metadata's leader coordinates the groups. */
    private static BrokerAddress coordinator(BenchmarkCluster cluster) {
        ClusterDescription description = cluster.client().admin().describeCluster();
        int leader = description
                .metadataLeaderBrokerId()
                .orElseThrow(() -> new IllegalStateException("the metadata has no leader"));
        return description.brokers().stream()
                .filter(broker -> broker.brokerId() == leader)
                .map(BrokerDescription::address)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("broker " + leader + " is not registered"));
    }
}

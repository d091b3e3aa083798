package io.flotilla.benchmarks;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run transport}: Flotilla's Raft transport against that of Ratis. */
@Command(
        name = "run transport",
        mixinStandardHelpOptions = true,
        description =
                "Measures Flotilla's Raft transport against Ratis's gRPC, by turns on two clusters of three brokers.")
public final class TransportSuite implements Callable<Integer> {
    private static final String KEY = "raft.transport";
    private static final List<String> TRANSPORTS = List.of("grpc", "netty");
    private static final int IDLE_HEAP_MIB_PER_PARTITION = 4;

    /** For the elections of the beginning to be over. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before each row; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 10;

    @Option(names = "--seconds", description = "Length of a repetition; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--repetitions", description = "Of each transport, by turns; default ${DEFAULT-VALUE}.")
    private int repetitions = 3;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each broker; default ${DEFAULT-VALUE}.")
    private int heapMib = 640;

    @Option(
            names = "--idle-partitions",
            paramLabel = "N",
            description = "Partitions that stand idle, 0 to leave that out; default ${DEFAULT-VALUE}.")
    private int idlePartitions = 500;

    @Option(names = "--idle-seconds", description = "How long they do; default ${DEFAULT-VALUE}.")
    private int idleSeconds = 30;

    @Option(
            names = "--partitions",
            split = ",",
            paramLabel = "N",
            description = "Of the loads; default ${DEFAULT-VALUE}.")
    private List<Integer> partitionCounts = List.of(1, 16);

    @Option(
            names = "--batch-kib",
            split = ",",
            paramLabel = "KIB",
            description = "Size of the loads' batches, 1 to 1024; default ${DEFAULT-VALUE}.")
    private List<Integer> batchKib = List.of(1, 64, 1024);

    private TransportSuite() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TransportSuite()).execute(arguments));
    }

    private record Row(
            String transport,
            int partitions,
            int batchBytes,
            Spread megabytesPerSecond,
            double cpuMicrosPerEntry,
            double cpuMillisPerMegabyte,
            double switchesPerEntry,
            double bytesPerEntry,
            Histogram oneAtATime) {
        static Row of(
                String transport, int partitions, int batchBytes, List<EntryLoad.Measured> all, Histogram single) {
            return new Row(
                    transport,
                    partitions,
                    batchBytes,
                    Spread.of(all.stream()
                            .mapToDouble(EntryLoad.Measured::megabytesPerSecond)
                            .toArray()),
                    median(all, EntryLoad.Measured::cpuMicrosPerEntry),
                    median(all, EntryLoad.Measured::cpuMillisPerMegabyte),
                    median(all, EntryLoad.Measured::switchesPerEntry),
                    median(all, measured -> (double) measured.bytes() / Math.max(1, measured.entries())),
                    single);
        }

        private interface Value {
            double of(EntryLoad.Measured measured);
        }

        private static double median(List<EntryLoad.Measured> all, Value value) {
            return Spread.of(all.stream().mapToDouble(value::of).toArray()).median();
        }

        String millis(double percentile) {
            return String.format(Locale.ROOT, "%.2f", oneAtATime.getValueAtPercentile(percentile) / 1e6);
        }
    }

    /**
     * @param work     of all brokers together, in {@code time}
     * @param segments that brokers sent each other in {@code time}
     */
    private record Idle(String transport, BrokerWork work, long segments, Duration time) {
        private static final int PAIRS = BenchmarkCluster.REPLICAS * (BenchmarkCluster.REPLICAS - 1) / 2;

        double perSecond(long count) {
            return count / (time.toMillis() / 1e3);
        }

        double cores() {
            return (double) work.cpuMillis() / time.toMillis() / BenchmarkCluster.REPLICAS;
        }
    }

    @Override
    public Integer call() throws IOException {
        System.out.println(Environment.line());
        List<Row> rows = load();
        print(rows);
        List<Idle> idle = new ArrayList<>();
        for (String transport : idlePartitions > 0 ? TRANSPORTS : List.<String>of()) {
            idle.add(idle(transport));
        }
        Table.lines(
                        List.of(
                                Column.text("TRANSPORT", Idle::transport),
                                Column.number("THREADS", row -> row.work().threads() / BenchmarkCluster.REPLICAS),
                                new Column<>("CORES", true, row -> format(row.cores(), 3)),
                                new Column<>(
                                        "SWITCHES/S",
                                        true,
                                        row -> format(
                                                row.perSecond(row.work().contextSwitches()) / BenchmarkCluster.REPLICAS,
                                                0)),
                                new Column<>(
                                        "FRAMES/S",
                                        true,
                                        row -> format(row.perSecond(row.segments()) / Idle.PAIRS, 1))),
                        idle)
                .forEach(System.out::println);
        System.out.println(BenchmarkCluster.REPLICAS + " brokers, " + BenchmarkCluster.REPLICAS
                + " replicas, each cluster's figures by turns with the other's; median (min-max) of " + repetitions
                + " repetitions of " + seconds + " s after " + warmUpSeconds + " s of warm-up; " + idlePartitions
                + " partitions idle for " + idleSeconds
                + " s, figures for each broker, frames for each pair of brokers, both ways");
        System.out.println("VERDICT transport PASS " + ratios(rows));
        return 0;
    }

    /** Both clusters stand beside each other and take turns, so that what else the machine does meets both. */
    private List<Row> load() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (BenchmarkCluster grpc = BenchmarkCluster.start(heapMib, Map.of(KEY, TRANSPORTS.get(0)));
                BenchmarkCluster netty = BenchmarkCluster.start(heapMib, Map.of(KEY, TRANSPORTS.get(1)))) {
            List<BenchmarkCluster> clusters = List.of(grpc, netty);
            for (int partitions : partitionCounts) {
                for (int kib : batchKib) {
                    rows.addAll(measure(clusters, partitions, kib << 10));
                }
            }
        }
        return rows;
    }

    private List<Row> measure(List<BenchmarkCluster> clusters, int partitions, int batchBytes) throws IOException {
        List<List<EntryLoad.Measured>> measured = List.of(new ArrayList<>(), new ArrayList<>());
        List<Row> rows = new ArrayList<>();
        try (EntryLoad first = new EntryLoad(clusters.get(0), partitions, batchBytes);
                EntryLoad second = new EntryLoad(clusters.get(1), partitions, batchBytes)) {
            List<EntryLoad> loads = List.of(first, second);
            for (EntryLoad load : loads) {
                load.run(Duration.ofSeconds(warmUpSeconds));
                load.flush();
            }
            for (int repetition = 0; repetition < repetitions; repetition++) {
                for (int i = 0; i < loads.size(); i++) {
                    measured.get(i).add(loads.get(i).run(Duration.ofSeconds(seconds)));
                    loads.get(i).flush();
                }
            }
            for (int i = 0; i < loads.size(); i++) {
                Histogram single = loads.get(i).oneAtATime(Duration.ofSeconds(seconds));
                rows.add(Row.of(TRANSPORTS.get(i), partitions, batchBytes, measured.get(i), single));
                System.out.println("  measured " + TRANSPORTS.get(i) + " partitions=" + partitions + " batch="
                        + (batchBytes >> 10) + " KiB");
            }
        }
        return rows;
    }

    private Idle idle(String transport) throws IOException {
        Map<String, String> settings = new TreeMap<>(
                Map.of(KEY, transport, "raft.election.timeout.min.ms", "3000", "raft.election.timeout.max.ms", "6000"));
        int heap = Math.max(heapMib, IDLE_HEAP_MIB_PER_PARTITION * idlePartitions);
        try (BenchmarkCluster cluster = BenchmarkCluster.start(heap, settings)) {
            cluster.newTopic(idlePartitions);
            LockSupport.parkNanos(SETTLING.toNanos());
            BrokerWork before = BrokerWork.of(cluster.processes());
            long segmentsBefore = BrokerSegments.between(cluster.processes());
            LockSupport.parkNanos(Duration.ofSeconds(idleSeconds).toNanos());
            return new Idle(
                    transport,
                    BrokerWork.of(cluster.processes()).since(before),
                    BrokerSegments.between(cluster.processes()) - segmentsBefore,
                    Duration.ofSeconds(idleSeconds));
        }
    }

    private static void print(List<Row> rows) {
        Table.lines(
                        List.of(
                                Column.text("TRANSPORT", Row::transport),
                                Column.number("PARTITIONS", Row::partitions),
                                Column.text("BATCH", row -> (row.batchBytes() >> 10) + " KiB"),
                                new Column<>("MB/S", true, row -> row.megabytesPerSecond()
                                        .format(1)),
                                new Column<>("KIB/ENTRY", true, row -> format(row.bytesPerEntry() / 1024, 1)),
                                new Column<>("CPU US/ENTRY", true, row -> format(row.cpuMicrosPerEntry(), 0)),
                                new Column<>("CPU MS/MB", true, row -> format(row.cpuMillisPerMegabyte(), 2)),
                                new Column<>("SWITCHES/ENTRY", true, row -> format(row.switchesPerEntry(), 1)),
                                new Column<>("P50 MS", true, row -> row.millis(50)),
                                new Column<>("P99 MS", true, row -> row.millis(99))),
                        rows)
                .forEach(System.out::println);
    }

    /** Netty's figures over gRPC's, for each load. */
    private static String ratios(List<Row> rows) {
        List<String> ratios = new ArrayList<>();
        for (int i = 0; i + 1 < rows.size(); i += 2) {
            Row grpc = rows.get(i);
            Row netty = rows.get(i + 1);
            ratios.add(netty.partitions() + "x" + (netty.batchBytes() >> 10) + "KiB:throughput="
                    + format(
                            netty.megabytesPerSecond().median()
                                    / grpc.megabytesPerSecond().median(),
                            2)
                    + ",cpu_per_mb=" + format(netty.cpuMillisPerMegabyte() / grpc.cpuMillisPerMegabyte(), 2)
                    + ",switches_per_entry=" + format(netty.switchesPerEntry() / grpc.switchesPerEntry(), 2));
        }
        return String.join(" ", ratios);
    }

    private static String format(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}

package io.flotilla.benchmarks;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run throughput}: one producer, as fast as it can. */
@Command(
        name = "run throughput",
        mixinStandardHelpOptions = true,
        description = "Measures acknowledged records a second of one producer without compression.")
public final class Throughput implements Callable<Integer> {
    private static final double MEGABYTE = 1e6;
    private static final List<Integer> PARTITION_COUNTS = List.of(1, 16);
    private static final List<Integer> BATCH_BYTES = List.of(64 << 10, 1 << 20);

    @Option(names = "--record-bytes", description = "Bytes of each record's value; default ${DEFAULT-VALUE}.")
    private int recordBytes = 1 << 10;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before each row; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 15;

    @Option(names = "--seconds", description = "Length of a repetition; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--repetitions", description = "Default ${DEFAULT-VALUE}.")
    private int repetitions = 3;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each broker; default ${DEFAULT-VALUE}.")
    private int heapMib = 768;

    private Throughput() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Throughput()).execute(arguments));
    }

    private record Row(int partitions, int batchBytes, Spread recordsPerSecond, Spread megabytesPerSecond) {}

    @Override
    public Integer call() throws IOException {
        System.out.println(Environment.line());
        List<Row> rows = new ArrayList<>();
        try (BenchmarkCluster cluster = BenchmarkCluster.start(heapMib)) {
            for (int partitions : PARTITION_COUNTS) {
                for (int batchBytes : BATCH_BYTES) {
                    rows.add(measure(cluster, partitions, batchBytes));
                }
            }
        }
        Table.lines(
                        List.of(
                                Column.number("PARTITIONS", Row::partitions),
                                Column.text("BATCH", row -> (row.batchBytes() >> 10) + " KiB"),
                                new Column<>("RECORDS/S", true, row -> row.recordsPerSecond()
                                        .format(0)),
                                new Column<>("MB/S", true, row -> row.megabytesPerSecond()
                                        .format(1))),
                        rows)
                .forEach(System.out::println);
        System.out.println("records of " + recordBytes + " bytes, " + BenchmarkCluster.REPLICAS
                + " replicas, fsync on a majority before each acknowledgement; median (min-max) of " + repetitions
                + " repetitions of " + seconds + " s after " + warmUpSeconds + " s of warm-up");
        System.out.println("VERDICT throughput PASS");
        return 0;
    }

    private Row measure(BenchmarkCluster cluster, int partitions, int batchBytes) {
        String topic = cluster.newTopic(partitions);
        ProducerSettings settings =
                ProducerSettings.DEFAULT.withCompression(Compression.NONE).withBatchBytes(batchBytes);
        try (Producer producer = cluster.client().producer(settings)) {
            var load = new Load(producer, topic, Payload.ofBytes(recordBytes));
            load.run(Duration.ofSeconds(warmUpSeconds));
            double[] recordsPerSecond = new double[repetitions];
            double[] megabytesPerSecond = new double[repetitions];
            for (int i = 0; i < repetitions; i++) {
                recordsPerSecond[i] = load.run(Duration.ofSeconds(seconds));
                megabytesPerSecond[i] = recordsPerSecond[i] * recordBytes / MEGABYTE;
            }
            producer.flush();
            load.requireNoFailure();
            return new Row(partitions, batchBytes, Spread.of(recordsPerSecond), Spread.of(megabytesPerSecond));
        } finally {
            cluster.deleteTopic(topic);
        }
    }

    /** Sends without a pause; the producer's full buffer holds it back. */
    private static final class Load {
        private final Producer producer;
        private final String topic;
        private final byte[] value;
        private final LongAdder acknowledged = new LongAdder();
        private final Map<String, Boolean> failures = new ConcurrentHashMap<>();

        Load(Producer producer, String topic, byte[] value) {
            this.producer = producer;
            this.topic = topic;
            this.value = value;
        }

        /** Returns the records acknowledged in each second of the time; the buffer stays full from run to run. */
        double run(Duration duration) {
            long acknowledgedBefore = acknowledged.sum();
            long startNanos = System.nanoTime();
            long deadlineNanos = startNanos + duration.toNanos();
            long nowNanos = startNanos;
            while (nowNanos - deadlineNanos < 0) {
                var unused = producer.send(ProducerRecord.of(topic, null, value))
                        .whenComplete((metadata, failure) -> {
                            if (failure == null) {
                                acknowledged.increment();
                            } else {
                                failures.put(failure.toString(), true);
                            }
                        });
                nowNanos = System.nanoTime();
            }
            return (acknowledged.sum() - acknowledgedBefore) * 1e9 / (nowNanos - startNanos);
        }

        void requireNoFailure() {
            if (!failures.isEmpty()) {
                throw new IllegalStateException("records failed: " + failures.keySet());
            }
        }
    }
}

package io.flotilla.benchmarks;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.cluster.traffic.Pacer;
import io.flotilla.protocol.record.Compression;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code integration-tests/run latency}: from sending to acknowledgement. */
@Command(
        name = "run latency",
        mixinStandardHelpOptions = true,
        description = "Measures the time to the acknowledgement of single records: one at a time, and at a set rate"
                + " counted from the time each was due.")
public final class Latency implements Callable<Integer> {
    private static final List<Integer> PARTITION_COUNTS = List.of(1, 16);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    @Option(names = "--record-bytes", description = "Bytes of each record's value; default ${DEFAULT-VALUE}.")
    private int recordBytes = 1 << 10;

    @Option(names = "--rate", description = "Records a second of the open loop; default ${DEFAULT-VALUE}.")
    private int rate = 2_000;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before each row; default ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 15;

    @Option(names = "--seconds", description = "Length of a measurement; default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each broker; default ${DEFAULT-VALUE}.")
    private int heapMib = 768;

    private Latency() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Latency()).execute(arguments));
    }

    private record Row(String load, int partitions, Histogram nanos) {
        String millis(double percentile) {
            return millisOf(nanos.getValueAtPercentile(percentile));
        }

        String millisMax() {
            return millisOf(nanos.getMaxValue());
        }

        private static String millisOf(long value) {
            return String.format(Locale.ROOT, "%.2f", value / 1e6);
        }
    }

    @Override
    public Integer call() throws IOException {
        System.out.println(Environment.line());
        List<Row> rows = new ArrayList<>();
        try (BenchmarkCluster cluster = BenchmarkCluster.start(heapMib)) {
            for (int partitions : PARTITION_COUNTS) {
                String topic = cluster.newTopic(partitions);
                try (Producer producer = cluster.client()
                        .producer(ProducerSettings.DEFAULT
                                .withCompression(Compression.NONE)
                                .withLinger(Duration.ZERO))) {
                    ProducerRecord record = ProducerRecord.of(topic, null, Payload.ofBytes(recordBytes));
                    oneAtATime(producer, record, warmUpSeconds);
                    rows.add(new Row("one at a time", partitions, oneAtATime(producer, record, seconds)));
                    openLoop(producer, record, warmUpSeconds);
                    rows.add(new Row(rate + "/s", partitions, openLoop(producer, record, seconds)));
                }
                cluster.deleteTopic(topic);
            }
        }
        Table.lines(
                        List.of(
                                Column.text("LOAD", Row::load),
                                Column.number("PARTITIONS", Row::partitions),
                                Column.number("RECORDS", row -> row.nanos().getTotalCount()),
                                new Column<>("P50 MS", true, row -> row.millis(50)),
                                new Column<>("P99 MS", true, row -> row.millis(99)),
                                new Column<>("P99.9 MS", true, row -> row.millis(99.9)),
                                new Column<>("MAX MS", true, Row::millisMax)),
                        rows)
                .forEach(System.out::println);
        System.out.println("records of " + recordBytes + " bytes, " + BenchmarkCluster.REPLICAS
                + " replicas, fsync on a majority before each acknowledgement; " + seconds + " s after " + warmUpSeconds
                + " s of warm-up");
        System.out.println("VERDICT latency PASS");
        return 0;
    }

    private static Histogram oneAtATime(Producer producer, ProducerRecord record, int seconds) {
        var nanos = new Histogram(LONGEST_NANOS, DIGITS);
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long sentNanos = System.nanoTime();
        while (sentNanos - deadlineNanos < 0) {
            producer.send(record).join();
            long ackedNanos = System.nanoTime();
            nanos.recordValue(Math.min(ackedNanos - sentNanos, LONGEST_NANOS));
            sentNanos = ackedNanos;
        }
        return nanos;
    }

    /** Counts from the time at which a record was due, so that a stall counts for every record it delays. */
    private Histogram openLoop(Producer producer, ProducerRecord record, int duration) {
        var nanos = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
        var pacer = new Pacer(rate);
        for (long n = 0; n < (long) rate * duration; n++) {
            long dueNanos = pacer.awaitNext();
            var unused = producer.send(record)
                    .thenRun(() -> nanos.recordValue(Math.min(System.nanoTime() - dueNanos, LONGEST_NANOS)));
        }
        producer.flush();
        if (nanos.getTotalCount() < (long) rate * duration) {
            throw new IllegalStateException(
                    "only " + nanos.getTotalCount() + " of " + (long) rate * duration + " records were acknowledged");
        }
        return nanos;
    }
}

package io.flotilla.benchmarks;

import io.flotilla.cli.output.Column;
import io.flotilla.cli.output.Table;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.IndexStore;
import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.index.RocksIndexStore;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.segment.DurableFiles;
import io.flotilla.raftlog.segment.LogEnd;
import io.flotilla.raftlog.segment.SegmentCheck;
import io.flotilla.raftlog.segment.SegmentDescription;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Entry point of {@code integration-tests/run index-rebuild}: how long a replica takes to open when its index is lost,
 * beside one whose index is whole, and how fast every byte can be checked.
 */
@Command(
        name = "run index-rebuild",
        mixinStandardHelpOptions = true,
        description = "Measures how long a partition opens whose index has to be built again.")
public final class IndexRebuild implements Callable<Integer> {
    private static final List<Integer> BATCH_BYTES = List.of(4 << 10, 64 << 10, 512 << 10);
    private static final int SEGMENT_BYTES_MAX = 128 << 20;
    private static final int INDEX_MEMORY = 32 << 20;
    private static final int INDEX_FILES_MAX = 256;
    private static final int RECORD_BYTES = 1 << 10;
    private static final double MEBIBYTE = 1 << 20;

    @Option(names = "--mebibytes", description = "Size of the partition; default ${DEFAULT-VALUE}.")
    private int mebibytes = 1 << 10;

    private IndexRebuild() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new IndexRebuild()).execute(arguments));
    }

    private record Row(int batchBytes, double openSeconds, double rebuildSeconds, double checkSeconds) {}

    @Override
    public Integer call() throws IOException {
        System.out.println(Environment.line());
        List<Row> rows = new ArrayList<>();
        for (int batchBytes : BATCH_BYTES) {
            Path folder = Files.createTempDirectory("flotilla-index-rebuild");
            try {
                rows.add(measure(folder, batchBytes));
            } finally {
                DurableFiles.deleteFolder(folder);
            }
        }
        Table.lines(
                        List.of(
                                Column.text("BATCH", row -> (row.batchBytes() >> 10) + " KiB"),
                                new Column<>("OPEN S", true, row -> decimals(row.openSeconds(), 2)),
                                new Column<>("REBUILD S", true, row -> decimals(row.rebuildSeconds(), 2)),
                                new Column<>("CHECK MIB/S", true, row -> decimals(mebibytes / row.checkSeconds(), 0))),
                        rows)
                .forEach(System.out::println);
        System.out.println("a partition of " + mebibytes + " MiB in the page cache: opened with its index, opened"
                + " without it, every batch's CRC-32C checked");
        System.out.println("VERDICT index-rebuild PASS");
        return 0;
    }

    private static String decimals(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private Row measure(Path folder, int batchBytes) throws IOException {
        Path segments = Files.createDirectory(folder.resolve("segments"));
        try (IndexStore store =
                RocksIndexStore.open(folder.resolve("index"), INDEX_MEMORY, INDEX_MEMORY, INDEX_FILES_MAX)) {
            LogIndex index = store.of(new GroupId(new UUID(1, 1)));
            LogEnd end = write(segments, index, batchBytes);
            double openSeconds = open(segments, index, end);
            index.clear();
            double rebuildSeconds = open(segments, index, end);
            return new Row(batchBytes, openSeconds, rebuildSeconds, check(segments, index, end));
        }
    }

    private LogEnd write(Path segments, LogIndex index, int batchBytes) throws IOException {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, batchBytes);
        byte[] value = Payload.ofBytes(RECORD_BYTES);
        while (builder.tryAppend(1_000, null, value, List.of())) {
            // until the batch is full
        }
        ByteBuffer bytes = builder.build(-1, (short) -1, -1);
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        try (SegmentedLog log = SegmentedLog.open(segments, SEGMENT_BYTES_MAX, index, 0, LogEnd.EMPTY)) {
            while (log.appendedBytes() < mebibytes * (long) MEBIBYTE) {
                log.append(batch, 1);
                log.publish();
            }
            log.makeDurable(log.end());
            log.markIndexed(log.end());
            return log.end();
        }
    }

    private static double open(Path segments, LogIndex index, LogEnd end) throws IOException {
        long startNanos = System.nanoTime();
        SegmentedLog.open(segments, SEGMENT_BYTES_MAX, index, 0, end).close();
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static double check(Path segments, LogIndex index, LogEnd end) throws IOException {
        try (SegmentedLog log = SegmentedLog.open(segments, SEGMENT_BYTES_MAX, index, 0, end)) {
            long startNanos = System.nanoTime();
            for (SegmentDescription segment : log.segments()) {
                Path file = segments.resolve(SegmentCheck.nameOf(segment.baseOffset()));
                SegmentCheck.Checked checked = SegmentCheck.check(file, segment.baseOffset(), segment.bytes());
                if (checked.endOffset() != segment.endOffset()) {
                    throw new IOException(file + " ends with offset " + checked.endOffset());
                }
            }
            return (System.nanoTime() - startNanos) / 1e9;
        }
    }
}

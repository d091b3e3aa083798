package io.flotilla.chaos.check;

import io.flotilla.chaos.check.mutation.SyntheticHistory;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.HistoryWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures the judge: writes a valid synthetic history to a temporary folder, reads it once without judging, judges it,
 * and prints operations per second, the highest use of the heap, and the file's size. Arguments: operations (sends and
 * polls; default 10,000,000) and partitions of each big topic (default 32).
 */
public final class JudgeBenchmark {
    private static final double STEPS_PER_OPERATION = 2.74; // a send takes two steps or three

    private JudgeBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        long operations = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000;
        int partitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
        Path directory = Files.createTempDirectory("flotilla-judge-benchmark");
        Path file = directory.resolve("history" + HistoryReader.SUFFIX);
        try {
            try (HistoryWriter writer = HistoryWriter.open(directory, "history")) {
                SyntheticHistory.generate(1, (long) (operations * STEPS_PER_OPERATION), partitions, writer::write);
            }
            long bytes = Files.size(file);
            resetPeaks();
            long reading = System.nanoTime();
            long lines = HistoryReader.read(directory, event -> {}).lines();
            long judging = System.nanoTime();
            long processorBefore = processorNanos();
            Judgement judgement =
                    Judge.judge(directory, JudgeSettings.defaults().withScratch(directory));
            long done = System.nanoTime();
            double processorSeconds = (processorNanos() - processorBefore) / 1e9;
            System.out.print(judgement.toText());
            long judged = judgement.counters().getOrDefault("operations", 0L);
            System.out.printf(
                    "%,d operations in %,d lines, %.2f GB; read only in %.1f s; read and judged in %.1f s, of which the"
                            + " judging thread ran %.1f s:%n%,.0f operations/s, %,.0f per second of processor time;"
                            + " at most %d MiB of heap of %d MiB%n",
                    judged,
                    lines,
                    bytes / 1e9,
                    (judging - reading) / 1e9,
                    (done - judging) / 1e9,
                    processorSeconds,
                    judged / ((done - judging) / 1e9),
                    judged / processorSeconds,
                    peakMebibytes(),
                    Runtime.getRuntime().maxMemory() >> 20);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void resetPeaks() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peakMebibytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}

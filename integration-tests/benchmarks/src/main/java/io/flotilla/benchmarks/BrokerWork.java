package io.flotilla.benchmarks;

import io.flotilla.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the brokers of a cluster have done since they started, as Linux tells in {@code /proc}.
 *
 * @param cpuMillis       processor time in user and kernel mode
 * @param contextSwitches of the threads that are alive; those of threads that have ended are not known any more
 * @param threads         alive
 */
record BrokerWork(long cpuMillis, long contextSwitches, int threads) {
    /** Linux reports processor time in hundredths of a second on every architecture Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    /** Fields of {@code /proc/<pid>/stat} behind the command's name, counted from 0. */
    private static final int USER_TICKS = 11;

    private static final int KERNEL_TICKS = 12;

    static BrokerWork of(ProcessCluster cluster) throws IOException {
        BrokerWork sum = new BrokerWork(0, 0, 0);
        for (int id : cluster.brokerIds()) {
            sum = sum.plus(of(cluster.pid(id)));
        }
        return sum;
    }

    private static BrokerWork of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(process.resolve("stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        long ticks = Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(KERNEL_TICKS));
        long switches = 0;
        int threads = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                switches += switchesOf(task);
                threads++;
            }
        }
        return new BrokerWork(ticks * MILLIS_PER_TICK, switches, threads);
    }

    private static long switchesOf(Path task) throws IOException {
        try {
            return Files.readAllLines(task.resolve("status")).stream()
                    .filter(line -> line.contains("ctxt_switches:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    BrokerWork plus(BrokerWork other) {
        return new BrokerWork(
                cpuMillis + other.cpuMillis, contextSwitches + other.contextSwitches, threads + other.threads);
    }

    /** What was done since an earlier look; threads as they are now. */
    BrokerWork since(BrokerWork earlier) {
        return new BrokerWork(cpuMillis - earlier.cpuMillis, contextSwitches - earlier.contextSwitches, threads);
    }
}

package io.flotilla.cluster.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used and holds, as Linux tells in {@code /proc}.
 *
 * @param cpuMillis     processor time since its start, in user and kernel mode
 * @param residentBytes memory it holds
 */
record ProcessUsage(long cpuMillis, long residentBytes, int threads, int openFiles) {
    /** Linux reports processor time in hundredths of a second on every architecture Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    /** Fields of {@code /proc/<pid>/stat} behind the command's name, counted from 0. */
    private static final int USER_TICKS = 11;

    private static final int KERNEL_TICKS = 12;

    static ProcessUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(process.resolve("stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        long ticks = Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(KERNEL_TICKS));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (var files = Files.list(process.resolve("fd"))) {
            return new ProcessUsage(
                    ticks * MILLIS_PER_TICK, number(status, "VmRSS:") << 10, (int) number(status, "Threads:"), (int)
                            files.count());
        }
    }

    private static long number(List<String> status, String name) throws IOException {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" ")[0])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException("/proc has no " + name));
    }
}

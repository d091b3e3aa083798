package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A control group of version 1 in which a process gets little of a processor. */
final class CpuLimit implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup/cpu");
    private static final long PERIOD_MICROS = 100_000;
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(15);
    /** Moves all processes back, and removes the group; first argument is the group, the second where they go. */
    private static final String UNDO =
            "while read -r p; do echo $p >\"$1/cgroup.procs\"; done <\"$0/cgroup.procs\"; rmdir \"$0\"";

    private final Path group;
    private final Path home;
    private final Journal journal;
    private final long journaled;
    private boolean closed;

    private CpuLimit(Path group, Path home, Journal journal, long journaled) {
        this.group = group;
        this.home = home;
        this.journal = journal;
        this.journaled = journaled;
    }

    static boolean isPossible() {
        return Files.isWritable(ROOT) && Files.exists(ROOT.resolve("cpu.cfs_quota_us"));
    }

    /**
     * Puts the process into a group of its own.
     *
     * @param percent of one processor, 1 or more
     */
    static CpuLimit impose(Site site, int broker, long percent) {
        long pid = site.cluster().pid(broker);
        try {
            Path home = home(pid);
            Path group =
                    home.resolve("flotilla-chaos-" + ProcessHandle.current().pid() + "-" + broker);
            long journaled = site.journal()
                    .add(
                            "cgroup",
                            List.of(group.toString()),
                            List.of("sh", "-c", UNDO, group.toString(), home.toString()));
            Files.createDirectory(group);
            var limit = new CpuLimit(group, home, site.journal(), journaled);
            Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(PERIOD_MICROS * percent / 100));
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
            return limit;
        } catch (IOException failure) {
            throw new FaultException("cannot limit the processor time of broker " + broker, failure);
        }
    }

    /** The group in which the process is, as {@code 1:cpu:/path} in its list. */
    private static Path home(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
            return lines.map(line -> line.split(":", 3))
                    .filter(parts -> List.of(parts[1].split(",", -1)).contains("cpu"))
                    .map(parts -> ROOT.resolve(parts[2].substring(1)))
                    .findFirst()
                    .orElseThrow(() -> new IOException("process " + pid + " is in no group of processor time"));
        }
    }

    /** Once the kernel has made the process wait. */
    String proof() {
        Site.await(PROOF_TIMEOUT, "the kernel to throttle " + group, () -> throttled() > 0, () -> "it has not");
        return throttled() + " periods throttled";
    }

    private long throttled() {
        try (Stream<String> lines = Files.lines(group.resolve("cpu.stat"))) {
            return lines.filter(line -> line.startsWith("nr_throttled "))
                    .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
                    .sum();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read how " + group + " fares", failure);
        }
    }

    /** May be called twice. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                Files.writeString(home.resolve("cgroup.procs"), pid);
            }
            Site.await(PROOF_TIMEOUT, group + " to be empty", this::isRemoved, () -> "it is in use");
        } catch (IOException failure) {
            throw new FaultException("cannot lift the limit of " + group, failure);
        }
        journal.done(journaled);
    }

    /** A process that has just ended keeps its group for a moment. */
    private boolean isRemoved() {
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }
}

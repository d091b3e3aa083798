package io.flotilla.raftlog.raft.ratis.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many {@link Schedule}s side by side, each on a group of its own: most of a schedule's time is spent waiting for
 * timeouts, so a processor has room for many.
 */
final class Simulation {
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

    private Simulation() {}

    /** Runs the schedules of {@code count} seeds from the first on. */
    static List<Schedule.Result> run(long firstSeed, int count, int sideBySide)
            throws IOException, InterruptedException {
        Path directory = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "simulation")
                : Files.createTempDirectory("simulation");
        ExecutorService threads = Executors.newFixedThreadPool(sideBySide);
        try (Fleet fleet = Fleet.start(firstSeed, directory)) {
            List<Callable<Schedule.Result>> schedules = LongStream.range(firstSeed, firstSeed + count)
                    .<Callable<Schedule.Result>>mapToObj(seed -> () -> run(seed, fleet))
                    .toList();
            List<Schedule.Result> results = new ArrayList<>();
            for (Future<Schedule.Result> result : threads.invokeAll(schedules)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } finally {
            threads.shutdown();
            delete(directory);
        }
    }

    private static Schedule.Result run(long seed, Fleet fleet) throws InterruptedException {
        try {
            return Schedule.run(seed, fleet);
        } catch (IOException | RuntimeException failure) {
            LOG.error("seed {} broke off", seed, failure);
            return new Schedule.Result(seed, 0, 0, 0, Duration.ZERO, List.of("it broke off: " + failure));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

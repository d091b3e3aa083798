package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.workload.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the brokers' processes use, as {@code /proc} tells, and their heaps after a collection; that is asked for in quiet
 * only, since it stops a broker for a moment.
 */
final class ResourceObserver implements Observer {
    /** In the place of a heap that was not measured. */
    private static final long NOT_MEASURED = -1;

    private final Recorder recorder;
    private final Backend backend;
    private volatile boolean quiet;

    ResourceObserver(Recorder recorder, Backend backend) {
        this.recorder = recorder;
        this.backend = backend;
    }

    /** Whether the next looks may collect garbage. */
    void quiet(boolean now) {
        quiet = now;
    }

    @Override
    public void look() {
        for (int node : backend.respondingNodes()) {
            backend.pid(node).ifPresent(pid -> read(node, pid));
        }
    }

    private void read(int node, long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
                Stream<Path> threads = Files.list(process.resolve("task"))) {
            recorder.write(nanos -> new Event.ResourcesRead(
                    nanos,
                    node,
                    descriptors.count(),
                    threads.count(),
                    quiet ? JvmHeap.afterCollection(pid).orElse(NOT_MEASURED) : NOT_MEASURED,
                    backend.dataDirectory(node).map(ResourceObserver::bytesIn).orElse(NOT_MEASURED)));
        } catch (IOException | UncheckedIOException ended) {
            // The next look finds its successor.
        }
    }

    private static long bytesIn(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> size(file).orElse(0L)).sum();
        } catch (IOException | UncheckedIOException changedMeanwhile) {
            return NOT_MEASURED;
        }
    }

    private static Optional<Long> size(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.size(file)) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}

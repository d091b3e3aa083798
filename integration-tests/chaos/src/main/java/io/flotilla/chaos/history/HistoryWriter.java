package io.flotilla.chaos.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Appends events to one file of a history. What was written reaches the file when a buffer is full, a second has passed,
 * or at {@link #close}: a harness that is killed loses its last second, and may leave a cut line, which a reader reports.
 *
 * <p>Threading: for any number of threads. Two that write at once may write in another order than that of their times;
 * the reader puts lines in order again.
 */
public final class HistoryWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final long FLUSH_MILLIS = 1_000;

    private final Path file;
    private final ScheduledExecutorService flusher;

    @GuardedBy("this")
    private final OutputStream out;

    @GuardedBy("this")
    private final LineBuilder lines = new LineBuilder();

    @GuardedBy("this")
    private boolean closed;

    private HistoryWriter(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
        this.flusher = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "history-" + file.getFileName());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens {@code name.jsonl} in the folder, made if missing, for appending.
     *
     * @throws UncheckedIOException if that is not possible
     */
    public static HistoryWriter open(Path directory, String name) {
        Path file = directory.resolve(name + HistoryReader.SUFFIX);
        try {
            Files.createDirectories(directory);
            var writer = new HistoryWriter(
                    file, Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            // What fails in the background fails again in the next write, and is told there.
            var unused = writer.flusher.scheduleWithFixedDelay(
                    writer::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
            return writer;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the history " + file, failure);
        }
    }

    /**
     * Writes one line.
     *
     * @throws UncheckedIOException  if the file cannot be written: the run must end, for it cannot be judged
     * @throws IllegalStateException after {@link #close}
     */
    public synchronized void write(Event event) {
        if (closed) {
            throw new IllegalStateException("the history " + file + " is closed; this came after its end: " + event);
        }
        EventCodec.write(event, lines);
        if (lines.size() >= BUFFER_BYTES) {
            flush();
        }
    }

    private synchronized void flush() {
        if (closed) {
            return;
        }
        try {
            lines.drainTo(out);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the history " + file, failure);
        }
    }

    @Override
    public void close() {
        flusher.shutdownNow();
        synchronized (this) {
            if (closed) {
                return;
            }
            flush();
            closed = true;
            try {
                out.close();
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot close the history " + file, failure);
            }
        }
    }
}

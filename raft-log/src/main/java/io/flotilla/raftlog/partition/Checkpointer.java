package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes one replica durable in the right order: segments, then the index with its mark, then the checkpoint file, and
 * only then are the segments deleted that lie before the log start it holds. So whatever a checkpoint names is there
 * after a crash.
 *
 * <p>Threading: safe for all threads; one at a time does the work.
 */
final class Checkpointer {
    private final Path folder;
    private final SegmentedLog log;
    private final Supplier<Checkpoint> capture;
    private final long dueBytes;
    private final Duration dueInterval;
    private final LongSupplier nanoTime;
    private long writtenAtNanos;
    private long writtenAtBytes;
    private boolean finished;
    private volatile Checkpoint durable;

    /**
     * @param durable the checkpoint in the folder
     * @param capture returns the state behind the newest entry that was applied and published
     */
    Checkpointer(
            Path folder,
            SegmentedLog log,
            Checkpoint durable,
            Supplier<Checkpoint> capture,
            StorageSettings settings,
            LongSupplier nanoTime) {
        this.folder = folder;
        this.log = log;
        this.durable = durable;
        this.capture = capture;
        this.dueBytes = settings.checkpointBytes();
        this.dueInterval = settings.checkpointInterval();
        this.nanoTime = nanoTime;
        this.writtenAtNanos = nanoTime.getAsLong();
    }

    LogPosition durablePosition() {
        return durable.position();
    }

    /** Makes segments durable, and renews the checkpoint if that is due. */
    synchronized void flush(LogPosition applied) throws IOException {
        if (finished || applied.equals(durable.position())) {
            return;
        }
        log.makeDurable(log.end());
        boolean due = log.appendedBytes() - writtenAtBytes >= dueBytes
                || nanoTime.getAsLong() - writtenAtNanos >= dueInterval.toNanos();
        if (due) {
            checkpoint();
        }
    }

    /** Makes everything that was applied before the call durable. */
    synchronized void checkpoint() throws IOException {
        if (finished) {
            return;
        }
        long appendedBytes = log.appendedBytes(); // before the capture, which may hold more
        Checkpoint captured = capture.get();
        if (!captured.position().equals(durable.position())) {
            log.makeDurable(captured.end());
            log.markIndexed(captured.end());
            CheckpointFile.write(folder, captured);
            durable = captured;
            log.deleteBefore(captured.logStartOffset());
        }
        writtenAtBytes = appendedBytes;
        writtenAtNanos = nanoTime.getAsLong();
    }

    /** Ends the work, after a last checkpoint if the state can be trusted. The log may be closed afterwards. */
    synchronized void finish(boolean trusted) throws IOException {
        try {
            if (trusted) {
                checkpoint();
            }
        } finally {
            finished = true;
        }
    }
}

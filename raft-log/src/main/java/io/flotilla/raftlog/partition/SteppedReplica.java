package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a {@link SteppedStorage}. Whoever drives it plays the Raft group, which applies entries, and the
 * background, which flushes; what would fail a replica in the background is thrown by the call that ran into it.
 *
 * <p>Threading: confined to one thread.
 */
public final class SteppedReplica implements AutoCloseable {
    private final PartitionState state;
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private @Nullable Runnable repeated;
    private @Nullable SegmentedLog log;
    private @Nullable Throwable failure;

    SteppedReplica(PartitionId id, Path folder, LogIndex index, StorageSettings settings, LongSupplier nanoTime) {
        this.state = new PartitionState(id, folder, index, settings, new Background(), nanoTime, new Owner());
    }

    /** Runs nothing by itself. */
    private final class Background implements Flusher {
        @Override
        public Repetition repeat(Runnable task, int seed) {
            repeated = task;
            return () -> repeated = null;
        }

        @Override
        public void soon(Runnable task) {
            asked.add(task);
        }
    }

    private final class Owner implements PartitionState.Owner {
        @Override
        public void opened(SegmentedLog opened, LogPosition position) {
            log = opened;
        }

        @Override
        public void advanced(LogPosition position) {}

        @Override
        public void leadershipChanged(Leadership leadership) {}

        @Override
        public void failed(Throwable cause) {
            if (failure == null) {
                failure = cause;
            }
        }

        @Override
        public boolean hasFailed() {
            return failure != null;
        }

        @Override
        public void closed() {
            log = null;
        }
    }

    /** Recovers; everything behind the position returned is to be applied again. */
    public LogPosition open() throws IOException {
        return state.open();
    }

    /** Applies a committed entry. */
    public ByteBuffer apply(LogPosition position, ByteBuffer entry) throws IOException {
        return state.apply(position, entry);
    }

    /** Passes an entry of the Raft group itself. */
    public void applied(LogPosition position) {
        state.applied(position);
    }

    /** The position behind which entries must be kept; a newer checkpoint is asked for, and written by the next run. */
    public LogPosition checkpoint() throws IOException {
        return state.checkpoint();
    }

    /** Runs what was asked of the background. */
    public void runAsked() throws IOException {
        for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
            task.run();
        }
        throwFailure();
    }

    /** Runs what the background repeats. */
    public void runRepeated() throws IOException {
        if (repeated != null) {
            repeated.run();
        }
        throwFailure();
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw new IOException("the replica failed in the background", failure);
        }
    }

    /** The log, for readers.
     *
     * @throws IllegalStateException if the replica is not open
     */
    public SegmentedLog log() {
        if (log == null) {
            throw new IllegalStateException("the replica is not open");
        }
        return log;
    }

    /** Makes everything durable and releases the files, unless the replica failed before. */
    @Override
    public void close() throws IOException {
        state.close();
    }
}

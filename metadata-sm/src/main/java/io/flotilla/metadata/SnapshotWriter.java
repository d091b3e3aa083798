package io.flotilla.metadata;

import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.SpaceErrors;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots behind the apply thread's back, so that it never waits for an fsync.
 *
 * <p>Threading: {@link #write} and {@link #close} are called by one thread at a time, {@link #durable} by any.
 */
final class SnapshotWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    private final SnapshotFile file;
    private final ConflatedTask task = new ConflatedTask("metadata-snapshots", this::writeWaiting);
    private final AtomicReference<@Nullable Snapshot> waiting = new AtomicReference<>();
    private volatile LogPosition durable;
    private volatile @Nullable IOException failure;

    /**
     * @param durable position of the snapshot that is in the file
     */
    SnapshotWriter(SnapshotFile file, LogPosition durable) {
        this.file = file;
        this.durable = durable;
    }

    /**
     * Position of the newest snapshot that survives a crash.
     *
     * @throws IOException once a write has failed for another reason than want of room; no other is tried
     */
    LogPosition durable() throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw new IOException("metadata snapshot could not be written: " + failed.getMessage(), failed);
        }
        return durable;
    }

    /** Has a snapshot written soon, unless a newer one comes first. */
    void write(Snapshot snapshot) {
        waiting.set(snapshot);
        task.wake();
    }

    private void writeWaiting() {
        Snapshot snapshot = waiting.getAndSet(null);
        if (snapshot == null || failure != null) {
            return;
        }
        try {
            file.write(snapshot);
            durable = snapshot.position();
        } catch (IOException failed) {
            if (SpaceErrors.isCauseOf(failed)) {
                // The snapshot before is whole, and the next one is written anew from its start.
                LOG.warn(
                        "no room for a snapshot, the next checkpoint tries again position={}",
                        snapshot.position(),
                        failed);
            } else {
                failure = failed; // the apply thread throws it at its next checkpoint, which stops the member
            }
        }
    }

    /** Writes what waits, then stops. May be called twice. */
    @Override
    public void close() {
        task.close();
    }
}

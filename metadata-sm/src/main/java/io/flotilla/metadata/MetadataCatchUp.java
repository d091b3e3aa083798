package io.flotilla.metadata;

import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Catch-up of a voter by the snapshot of another one.
 *
 * <p>Threading: as {@link CatchUp} says; one thread of its own fetches.
 */
final class MetadataCatchUp implements CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataCatchUp.class);

    /** What changes over to a fetched snapshot. */
    interface Installing {
        /** The position of the snapshot in use afterwards: the fetched one, unless the one in use is as new. */
        LogPosition install() throws IOException;

        /** That of the snapshot in use if it was fetched, else NONE. */
        LogPosition fetchedPosition();
    }

    private final Path directory;
    private final String clusterId;
    private final SnapshotSource source;
    private final Installing state;
    private final ThreadPoolExecutor thread;

    MetadataCatchUp(Path directory, String clusterId, SnapshotSource source, Installing state) {
        this.directory = directory;
        this.clusterId = clusterId;
        this.source = source;
        this.state = state;
        this.thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), task -> {
            Thread worker = new Thread(task, "metadata-catch-up");
            worker.setDaemon(true);
            return worker;
        });
        this.thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<LogPosition> fetch(long minIndex) {
        CompletableFuture<LogPosition> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(fetchNow(minIndex));
                } catch (IOException | RuntimeException failure) {
                    LOG.warn("the metadata could not be fetched minIndex={}: {}", minIndex, failure.toString());
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException busy) {
            result.completeExceptionally(busy);
        }
        return result;
    }

    private LogPosition fetchNow(long minIndex) throws IOException {
        Snapshot snapshot = SnapshotFile.decode(source.read(minIndex));
        LogPosition position = snapshot.position();
        if (position.index() < minIndex || !snapshot.image().clusterId().equals(clusterId)) {
            throw new IOException("the metadata offered is that of cluster "
                    + snapshot.image().clusterId() + " at index " + position.index() + ", asked for was " + clusterId
                    + " at " + minIndex);
        }
        SnapshotFile.in(directory).writeFetched(new Snapshot(position, snapshot.image(), snapshot.groups(), true));
        LOG.info("fetched the {} index={}", snapshot.image(), position.index());
        return position;
    }

    @Override
    public LogPosition install() throws IOException {
        return state.install();
    }

    @Override
    public LogPosition fetchedPosition() {
        return state.fetchedPosition();
    }

    void close() {
        thread.shutdown(); // what is being fetched is bounded, and of no harm
    }
}

package io.flotilla.metadata;

import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell between the metadata group and the rules: bytes in, bytes out, image in between.
 *
 * <p>Threading: as {@link ReplicatedState} says; {@link #image} and {@link #failure} may be read by any thread.
 */
final class MetadataState implements ReplicatedState {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataState.class);

    private final Path directory;
    private final ImageListeners listeners = new ImageListeners(this::image);
    private volatile MetadataImage image;
    private volatile Leadership leadership = Leadership.UNKNOWN;
    private volatile @Nullable Throwable failure;
    private LogPosition position = LogPosition.NONE;
    private @Nullable SnapshotWriter snapshots;

    MetadataState(Path directory, String clusterId) {
        this.directory = directory;
        this.image = MetadataImage.empty(clusterId);
    }

    MetadataImage image() {
        return image;
    }

    ImageListeners listeners() {
        return listeners;
    }

    /** Why the member stopped by itself, if it did. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public LogPosition open() throws IOException {
        SnapshotFile file = SnapshotFile.in(directory);
        Optional<Snapshot> newest = file.read();
        if (newest.isPresent()) {
            String found = newest.get().image().clusterId();
            if (!found.equals(image.clusterId())) {
                throw new IOException("the metadata in " + directory + " is of cluster " + found + " and this broker"
                        + " belongs to " + image.clusterId() + ": it has another cluster's data folder");
            }
            image = newest.get().image();
        } else {
            image = MetadataImage.empty(image.clusterId());
        }
        position = newest.map(Snapshot::position).orElse(LogPosition.NONE);
        snapshots = new SnapshotWriter(file, position);
        LOG.info("opened the {} index={}", image, position.index());
        listeners.imageChanged();
        return position;
    }

    @Override
    public ByteBuffer apply(LogPosition at, ByteBuffer entry) throws IOException {
        if (at.index() <= position.index()) {
            throw new IllegalStateException("entry " + at.index() + " came after entry " + position.index());
        }
        MetadataImage before = image;
        Applied applied = Transition.apply(before, CommandFormat.decode(entry));
        position = at; // not before: a snapshot must never claim an entry that could not be applied
        if (applied.image().version() != before.version()) {
            image = applied.image();
            listeners.imageChanged();
        }
        return OutcomeFormat.encode(applied.outcome());
    }

    @Override
    public void applied(LogPosition at) {
        if (at.index() > position.index()) {
            position = at;
        }
    }

    /** Answers with the snapshot that is durable already and has a newer one written, for the next call to find. */
    @Override
    public LogPosition checkpoint() throws IOException {
        SnapshotWriter writer = opened();
        LogPosition durable = writer.durable();
        if (position.index() > durable.index()) {
            writer.write(new Snapshot(position, image));
        }
        return durable;
    }

    @Override
    public void leadershipChanged(Leadership changed) {
        Leadership before = leadership;
        leadership = changed;
        if (changed.isLeader() && !before.isLeader()) {
            LOG.info("became leader of the metadata term={}", changed.term());
        } else if (before.isLeader() && !changed.isLeader()) {
            LOG.info("lost leadership of the metadata term={}", changed.term());
        }
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
        LOG.error("the metadata replica stopped; restart the broker when the cause is gone", cause);
    }

    /** The last snapshot is written here, so that a planned restart replays nothing. */
    @Override
    public void close() throws IOException {
        SnapshotWriter writer = snapshots;
        if (writer == null) {
            return;
        }
        snapshots = null;
        if (position.index() > writer.durable().index()) {
            writer.write(new Snapshot(position, image));
        }
        writer.close();
        writer.durable(); // tells a failure
    }

    private SnapshotWriter opened() {
        SnapshotWriter writer = snapshots;
        if (writer == null) {
            throw new IllegalStateException("the metadata state is not open");
        }
        return writer;
    }
}

package io.flotilla.metadata;

import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.raftlog.raft.CatchUp;
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
final class MetadataState implements ReplicatedState, MetadataCatchUp.Installing {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataState.class);

    private final Path directory;
    private final String clusterId;
    private final ImageListeners listeners = new ImageListeners(this::image);
    private final RecentImages recent = new RecentImages();
    private final MetadataCatchUp catchUp;
    private final boolean canCatchUp;
    private volatile Snapshot current;
    private volatile LogPosition fetchedPosition = LogPosition.NONE;
    private volatile Leadership leadership = Leadership.UNKNOWN;
    private volatile @Nullable Throwable failure;
    private volatile boolean abandoned;
    private @Nullable SnapshotWriter snapshots;

    MetadataState(Path directory, String clusterId, SnapshotSource source) {
        this.directory = directory;
        this.clusterId = clusterId;
        this.current = new Snapshot(LogPosition.NONE, MetadataImage.empty(clusterId));
        this.catchUp = new MetadataCatchUp(directory, clusterId, source, this);
        this.canCatchUp = source != SnapshotSource.NONE;
    }

    MetadataImage image() {
        return current.image();
    }

    Groups groups() {
        return current.groups();
    }

    /** The newest image and groups with their position. */
    Snapshot current() {
        return current;
    }

    RecentImages recent() {
        return recent;
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
        Optional<Snapshot> fetched = file.readFetched();
        Optional<Snapshot> own = file.read();
        if (fetched.isPresent() && isNewer(fetched.get(), own)) {
            file.useFetched(); // a crash came before it was installed
            own = fetched;
        } else {
            file.dropFetched();
        }
        Snapshot newest = own.orElse(new Snapshot(LogPosition.NONE, MetadataImage.empty(clusterId)));
        if (!newest.image().clusterId().equals(clusterId)) {
            throw new IOException("the metadata in " + directory + " is of cluster "
                    + newest.image().clusterId() + " and this broker belongs to " + clusterId
                    + ": it has another cluster's data folder");
        }
        use(file, newest);
        LOG.info("opened the {} index={}", newest.image(), newest.position().index());
        return newest.position();
    }

    private static boolean isNewer(Snapshot snapshot, Optional<Snapshot> than) {
        return than.isEmpty()
                || snapshot.position().index() > than.get().position().index();
    }

    private void use(SnapshotFile file, Snapshot durable) {
        current = durable;
        fetchedPosition = durable.fetched() ? durable.position() : LogPosition.NONE;
        snapshots = new SnapshotWriter(file, durable.position());
        recent.add(durable.image());
        listeners.imageChanged();
    }

    @Override
    public LogPosition install() throws IOException {
        SnapshotFile file = SnapshotFile.in(directory);
        Optional<Snapshot> fetched = file.readFetched();
        if (fetched.isEmpty() || !isNewer(fetched.get(), Optional.of(current))) {
            return current.position();
        }
        opened().close(); // else one that waits to be written would come after
        file.useFetched();
        use(file, fetched.get());
        return fetched.get().position();
    }

    @Override
    public LogPosition fetchedPosition() {
        return fetchedPosition;
    }

    @Override
    public Optional<CatchUp> catchUp() {
        return canCatchUp ? Optional.of(catchUp) : Optional.empty();
    }

    @Override
    public ByteBuffer apply(LogPosition at, ByteBuffer entry) throws IOException {
        Snapshot before = current;
        if (at.index() <= before.position().index()) {
            throw new IllegalStateException("entry " + at.index() + " came after entry "
                    + before.position().index());
        }
        Applied applied = Transition.apply(before.image(), before.groups(), CommandFormat.decode(entry));
        boolean changed = applied.image().version() != before.image().version();
        // Not before: a snapshot must never claim an entry that could not be applied.
        current = new Snapshot(
                at,
                changed ? applied.image() : before.image(),
                applied.changedGroups().orElse(before.groups()),
                false);
        if (changed) {
            recent.add(applied.image());
            listeners.imageChanged();
        }
        return OutcomeFormat.encode(applied.outcome());
    }

    @Override
    public void applied(LogPosition at) {
        Snapshot before = current;
        if (at.index() > before.position().index()) {
            current = new Snapshot(at, before.image(), before.groups(), false);
        }
    }

    /** Answers with the snapshot that is durable already and has a newer one written, for the next call to find. */
    @Override
    public LogPosition checkpoint() throws IOException {
        SnapshotWriter writer = opened();
        LogPosition durable = writer.durable();
        if (current.position().index() > durable.index()) {
            writer.write(current);
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

    /** From now on {@link #close} leaves what the end of the process would: no last snapshot. */
    void abandon() {
        abandoned = true;
    }

    /** The last snapshot is written here, so that a planned restart replays nothing. */
    @Override
    public void close() throws IOException {
        SnapshotWriter writer = snapshots;
        if (writer == null) {
            return;
        }
        snapshots = null;
        if (!abandoned && current.position().index() > writer.durable().index()) {
            writer.write(current);
        }
        writer.close();
        writer.durable(); // tells a failure
    }

    /** Ends what was begun for this state; it may not be opened again. */
    void retire() {
        listeners.close();
        catchUp.close();
    }

    private SnapshotWriter opened() {
        SnapshotWriter writer = snapshots;
        if (writer == null) {
            throw new IllegalStateException("the metadata state is not open");
        }
        return writer;
    }
}

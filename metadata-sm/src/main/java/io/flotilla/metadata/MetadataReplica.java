package io.flotilla.metadata;

import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.metadata.store.SnapshotFile;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition.Listening;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One voter of the metadata group.
 *
 * <p>Order at start: {@link #open}, the host with a factory that answers {@link #state} for {@link #groupIdOf}, the
 * host's start, {@link #attach}. At the end the host is closed first.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
public final class MetadataReplica implements AutoCloseable {
    private final Path directory;
    private final MetadataState state;
    private volatile @Nullable ReplicatedGroup group;

    private MetadataReplica(Path directory, MetadataState state) {
        this.directory = directory;
        this.state = state;
    }

    /** {@link #open(Path, String, SnapshotSource)} with nobody to catch up from. */
    public static MetadataReplica open(Path directory, String clusterId) {
        return open(directory, clusterId, SnapshotSource.NONE);
    }

    /**
     * A replica whose snapshots are in a folder of their own. The folder is made and read when the host opens the
     * group; the caller closes the replica after the host.
     *
     * @param clusterId what the broker's data folder says; a snapshot of another cluster is refused then
     * @param source    where the metadata is read once the group's log cannot give it any more
     */
    public static MetadataReplica open(Path directory, String clusterId, SnapshotSource source) {
        return new MetadataReplica(directory, new MetadataState(directory, clusterId, source));
    }

    /** The metadata group of a cluster: the same on every broker without asking anybody. */
    public static GroupId groupIdOf(String clusterId) {
        byte[] name = ("flotilla metadata of " + clusterId).getBytes(StandardCharsets.UTF_8);
        return new GroupId(UUID.nameUUIDFromBytes(name));
    }

    /** What the host's factory answers for {@link #groupIdOf}. */
    public ReplicatedState state() {
        return state;
    }

    /** Gives the replica its group, once the host has opened or created it. */
    public void attach(ReplicatedGroup opened) {
        group = opened;
    }

    /** The newest image applied here: of version 0 before the group has opened, and behind the leader's at times. */
    public MetadataImage image() {
        return state.image();
    }

    /** The consumer groups as of the newest entry applied here. */
    public Groups groups() {
        return state.groups();
    }

    /**
     * Completes once this replica, as leader, has applied all that was committed anywhere before the call; fails as {@link
     * ReplicatedGroup#readBarrier} says, and with {@code BROKER_NOT_AVAILABLE} before the replica has its group.
     */
    public CompletableFuture<Void> readBarrier() {
        ReplicatedGroup opened = group;
        return opened == null ? CompletableFuture.failedFuture(starting()) : opened.readBarrier();
    }

    private static Refused starting() {
        return new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "this broker's metadata replica is still starting; retry");
    }

    /** An earlier image of this replica; empty if it is not one of the last few that were applied here. */
    public Optional<MetadataImage> recentImage(long version) {
        return state.recent().at(version);
    }

    /**
     * Calls the listener with the present image and then with newer ones, skipping those that are outdated before it is
     * free. All listeners share one thread, so a listener must hand work off.
     */
    public Listening listen(Consumer<MetadataImage> listener) {
        return state.listeners().add(listener);
    }

    /**
     * Replicates a command. A rejection is an outcome; the future fails as {@link ReplicatedGroup#propose} says, and
     * with {@code BROKER_NOT_AVAILABLE} before the replica has its group, {@code INVALID_REQUEST} for a command above
     * 1 MiB. Errors arrive through the future, never as a throw.
     */
    public CompletableFuture<Outcome> propose(MetadataCommand command) {
        ReplicatedGroup opened = group;
        if (opened == null) {
            return CompletableFuture.failedFuture(starting());
        }
        ByteBuffer entry;
        try {
            entry = CommandFormat.encode(command);
        } catch (Refused tooLarge) {
            return CompletableFuture.failedFuture(tooLarge);
        }
        return opened.propose(entry).thenApply(MetadataReplica::outcomeOf);
    }

    private static Outcome outcomeOf(ByteBuffer bytes) {
        try {
            return OutcomeFormat.decode(bytes);
        } catch (IOException ownBytes) {
            throw new UncheckedIOException("the outcome this replica encoded does not decode", ownBytes);
        }
    }

    public Leadership leadership() {
        ReplicatedGroup opened = group;
        return opened == null ? Leadership.UNKNOWN : opened.leadership();
    }

    /** Why the replica stopped by itself, for instance a disk that failed; empty while it works. */
    public Optional<Throwable> failure() {
        return state.failure();
    }

    /**
     * The metadata as of the newest entry applied here, for a voter that lacks it.
     *
     * @param minIndex entry that it must hold
     * @return in the form of a snapshot's file
     * @throws Refused {@code BROKER_NOT_AVAILABLE} if that entry was not applied here yet
     */
    public ByteBuffer snapshot(long minIndex) {
        Snapshot newest = state.current();
        if (newest.position().index() < minIndex) {
            throw new Refused(
                    ErrorCode.BROKER_NOT_AVAILABLE,
                    "this broker's metadata is at index " + newest.position().index() + ", asked for was " + minIndex);
        }
        return SnapshotFile.encode(new Snapshot(newest.position(), newest.image(), newest.groups(), false));
    }

    /**
     * Moves a damaged snapshot out of the way, so that the state opens empty. Only for a replica whose member joins its
     * group anew.
     *
     * @param place of a file that does not exist
     */
    public void quarantineSnapshot(Path place) throws IOException {
        SnapshotFile.in(directory).quarantine(place);
    }

    /** Has the Raft host's close leave the state as a killed process would: without a last snapshot. */
    public void abandon() {
        state.abandon();
    }

    /** Stops calling listeners. May be called twice. */
    @Override
    public void close() {
        state.retire();
    }
}

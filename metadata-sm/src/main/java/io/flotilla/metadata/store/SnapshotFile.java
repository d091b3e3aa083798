package io.flotilla.metadata.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.raftlog.raft.DamagedState;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The newest durable snapshot, as one framed file in a folder of its own. It is replaced whole: written beside, fsynced,
 * renamed, and the folder fsynced, so that a crash at any point leaves the old one or the new one. A second file holds
 * one that was fetched from another voter, until it takes the first one's place.
 *
 * <p>Threading: none; the owner calls one method of each file at a time.
 */
public final class SnapshotFile {
    private static final Frame FRAME = new Frame(0x464C_4D53, "metadata snapshot", 256 << 20); // "FLMS"
    private static final String NAME = "metadata.snapshot";
    private static final String FETCHED_NAME = "metadata.snapshot.fetched";

    private final Path file;
    private final Path fetched;

    private SnapshotFile(Path directory) {
        this.file = directory.resolve(NAME);
        this.fetched = directory.resolve(FETCHED_NAME);
    }

    /** Makes the folder if it is missing. */
    public static SnapshotFile in(Path directory) throws IOException {
        DurableFiles.createFolder(directory);
        return new SnapshotFile(directory);
    }

    /** A snapshot in the form of its file. */
    public static ByteBuffer encode(Snapshot snapshot) {
        io.flotilla.metadata.v1.Snapshot.Builder message = io.flotilla.metadata.v1.Snapshot.newBuilder()
                .setTerm(snapshot.position().term())
                .setIndex(snapshot.position().index())
                .setImage(ImageFormat.messageOf(snapshot.image()))
                .setFetched(snapshot.fetched());
        if (snapshot.groups().size() > 0) {
            message.setGroups(GroupFormat.messageOf(snapshot.groups()));
        }
        return FRAME.wrap(ImageFormat.bytesOf(message.build()));
    }

    /**
     * @param framed as {@link #encode} makes it
     * @throws IOException if a single bit is not as it was written, or if a newer version wrote it
     */
    public static Snapshot decode(ByteBuffer framed) throws IOException {
        ByteBuffer payload = FRAME.unwrap(framed);
        try {
            io.flotilla.metadata.v1.Snapshot message = io.flotilla.metadata.v1.Snapshot.parseFrom(payload);
            return new Snapshot(
                    new LogPosition(message.getTerm(), message.getIndex()),
                    ImageFormat.imageOf(message.getImage()),
                    GroupFormat.groupsOf(message.getGroups()),
                    message.getFetched());
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException("metadata snapshot is malformed although its CRC is right", malformed);
        }
    }

    /**
     * @return empty if none was ever written
     * @throws DamagedState if the file is corrupt: it was durable once, so starting without it would forget metadata
     * @throws IOException  if it cannot be read, or a newer version wrote it
     */
    public Optional<Snapshot> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(decode(ByteBuffer.wrap(Files.readAllBytes(file))));
        } catch (CorruptFrame corrupt) {
            throw new DamagedState(file + ": " + corrupt.getMessage(), LogPosition.NONE, corrupt);
        } catch (IOException unreadable) {
            throw new IOException(file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** Replaces the snapshot; durable when this returns. */
    public void write(Snapshot snapshot) throws IOException {
        DurableFiles.replace(file, encode(snapshot));
    }

    /** Keeps a snapshot that was fetched beside the one in use; durable when this returns. */
    public void writeFetched(Snapshot snapshot) throws IOException {
        DurableFiles.replace(fetched, encode(snapshot));
    }

    /** What was fetched and is not in use; empty if there is nothing, or it is corrupt. */
    public Optional<Snapshot> readFetched() throws IOException {
        if (!Files.exists(fetched)) {
            return Optional.empty();
        }
        try {
            return Optional.of(decode(ByteBuffer.wrap(Files.readAllBytes(fetched))));
        } catch (CorruptFrame corrupt) {
            return Optional.empty(); // it is fetched again
        }
    }

    /** Puts what was fetched in the place of the snapshot; durable when this returns. */
    public void useFetched() throws IOException {
        Files.move(fetched, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.syncFolder(fetched.resolveSibling("."));
    }

    /** Drops what was fetched, if anything was. */
    public void dropFetched() throws IOException {
        Files.deleteIfExists(fetched);
    }

    /** Moves the snapshot out of the way, if there is one; the place is a file that does not exist. */
    public void quarantine(Path place) throws IOException {
        if (Files.exists(file)) {
            Path folder = place.resolveSibling(".").normalize();
            DurableFiles.createFolder(folder);
            Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncFolder(folder);
            DurableFiles.syncFolder(file.resolveSibling("."));
        }
    }
}

package io.flotilla.metadata.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The newest durable snapshot, as one framed file in a folder of its own. It is replaced whole: written beside, fsynced,
 * renamed, and the folder fsynced, so that a crash at any point leaves the old one or the new one.
 *
 * <p>Threading: none; the owner calls one method at a time.
 */
public final class SnapshotFile {
    private static final Frame FRAME = new Frame(0x464C_4D53, "metadata snapshot", 256 << 20); // "FLMS"
    private static final String NAME = "metadata.snapshot";

    private final Path directory;
    private final Path file;
    private final Path unfinished;

    private SnapshotFile(Path directory) {
        this.directory = directory;
        this.file = directory.resolve(NAME);
        this.unfinished = directory.resolve(NAME + ".tmp");
    }

    /** Makes the folder if it is missing. */
    public static SnapshotFile in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                syncDirectory(parent);
            }
        }
        return new SnapshotFile(directory);
    }

    /**
     * @return empty if none was ever written
     * @throws IOException if the file is corrupt: it was durable once, so starting without it would forget metadata
     */
    public Optional<Snapshot> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            io.flotilla.metadata.v1.Snapshot message =
                    io.flotilla.metadata.v1.Snapshot.parseFrom(FRAME.unwrap(ByteBuffer.wrap(Files.readAllBytes(file))));
            return Optional.of(new Snapshot(
                    new LogPosition(message.getTerm(), message.getIndex()), ImageFormat.imageOf(message.getImage())));
        } catch (InvalidProtocolBufferException malformed) {
            throw new IOException(file + ": metadata snapshot is malformed although its CRC is right", malformed);
        } catch (IOException unreadable) {
            throw new IOException(
                    file + ": " + unreadable.getMessage() + "; restore the file, or remove this broker's data folder"
                            + " so that it joins again as a new peer",
                    unreadable);
        }
    }

    /** Replaces the snapshot; durable when this returns. */
    public void write(Snapshot snapshot) throws IOException {
        ByteBuffer bytes = FRAME.wrap(ImageFormat.bytesOf(io.flotilla.metadata.v1.Snapshot.newBuilder()
                .setTerm(snapshot.position().term())
                .setIndex(snapshot.position().index())
                .setImage(ImageFormat.messageOf(snapshot.image()))
                .build()));
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directory);
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

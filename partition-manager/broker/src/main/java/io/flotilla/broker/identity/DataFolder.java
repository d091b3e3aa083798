package io.flotilla.broker.identity;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.flotilla.broker.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's data folder, owned by this process until closed: a second process, or a second broker in this one, is
 * refused. Whatever {@link #identity()} says is durable.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    private static final String LOCK_FILE = "lock";
    private static final String META_FILE = "meta.properties";
    /** The same once more: without it one bad block would cost the broker all it has. */
    private static final String META_COPY = "meta.properties.copy";

    private static final int DIRECTORY_ID_BYTES = 8;

    private final Path path;
    private final FileChannel lockFile;
    private Identity identity;

    private DataFolder(Path path, FileChannel lockFile, Identity identity) {
        this.path = path;
        this.lockFile = lockFile;
        this.identity = identity;
    }

    /**
     * Takes the folder, and makes and formats it if it is new. The caller owns the result.
     *
     * @throws ConfigException if another broker uses the folder or it belongs to another node
     * @throws IOException     if it cannot be read or written, or its identity is damaged
     */
    public static DataFolder open(Path path, int nodeId) throws IOException {
        try {
            Files.createDirectories(path);
        } catch (IOException notMade) {
            throw new IOException(
                    "cannot make data folder " + path + ": " + notMade + "; check data.dir and its permissions",
                    notMade);
        }
        FileChannel lockFile = lock(path);
        try {
            return new DataFolder(path, lockFile, readOrFormat(path, nodeId));
        } catch (Throwable failure) { // the lock must not outlive a folder that was refused
            lockFile.close();
            throw failure;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK_FILE), CREATE, READ, WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new ConfigException("data folder " + path
                        + " is in use by another broker; stop that one or set data.dir to a folder of its own");
            }
            return channel;
        } catch (Throwable failure) { // an unlocked channel must not leak its file descriptor
            channel.close();
            throw failure;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private static Identity readOrFormat(Path path, int nodeId) throws IOException {
        Path file = path.resolve(META_FILE);
        Path copy = path.resolve(META_COPY);
        if (Files.exists(file) || Files.exists(copy)) {
            Identity identity = readEither(path);
            if (identity.nodeId() != nodeId) {
                throw new ConfigException("data folder " + path + " belongs to node " + identity.nodeId()
                        + ", but node.id is " + nodeId + "; correct node.id or data.dir");
            }
            return identity;
        }
        refuseDataWithoutIdentity(path, file);
        Identity identity = Identity.fresh(nodeId, newDirectoryId());
        writeBoth(path, identity);
        return identity;
    }

    /** Reads the file, or its copy if the file is damaged or gone, and repairs the other. */
    private static Identity readEither(Path path) throws IOException {
        Path file = path.resolve(META_FILE);
        Path copy = path.resolve(META_COPY);
        Optional<Identity> first = read(file);
        Optional<Identity> second = read(copy);
        if (first.isEmpty() && second.isEmpty()) {
            throw new IOException(
                    file + " and " + copy
                            + " are damaged; restore one from a backup, or empty the data folder so that the broker joins anew");
        }
        if (first.isPresent()
                && second.isPresent()
                && !first.get().directoryId().equals(second.get().directoryId())) {
            throw new IOException(file + " tells directory id " + first.get().directoryId() + ", its copy "
                    + second.get().directoryId() + ": one of them is another folder's; remove that one");
        }
        Identity identity = first.orElseGet(second::orElseThrow);
        if (!first.equals(second)) {
            LOG.error("wrote the identity anew, one of its two files was damaged, missing or behind file={}", file);
            writeBoth(path, identity);
        }
        return identity;
    }

    /** Empty for a file that is missing or damaged. */
    private static Optional<Identity> read(Path file) throws IOException {
        try {
            return Optional.of(MetaProperties.decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException | IllegalArgumentException useless) {
            LOG.warn("cannot use {}", file, useless);
            return Optional.empty();
        }
    }

    /** Data of an unknown owner would be served under a new name: better to stop. */
    private static void refuseDataWithoutIdentity(Path path, Path file) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            Optional<Path> data = entries.filter(entry -> Files.isDirectory(entry) && !entry.endsWith("lost+found"))
                    .findFirst();
            if (data.isPresent()) {
                throw new IOException(
                        "data folder " + path + " holds " + data.get().getFileName() + " but no " + META_FILE
                                + "; restore " + file + " or empty the folder so that the broker joins anew");
            }
        }
    }

    private static String newDirectoryId() {
        byte[] random = new byte[DIRECTORY_ID_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    public Path path() {
        return path;
    }

    public synchronized Identity identity() {
        return identity;
    }

    /**
     * Writes down, for good, to which cluster the folder belongs.
     *
     * @throws ConfigException if it belongs to another already
     * @throws IOException     if that cannot be made durable
     */
    public synchronized void join(Membership membership) throws IOException {
        Optional<Membership> known = identity.membership();
        if (known.isPresent() && !known.get().clusterId().equals(membership.clusterId())) {
            throw new ConfigException(
                    "data folder " + path + " belongs to cluster " + known.get().clusterId() + ", not to "
                            + membership.clusterId() + "; correct data.dir or cluster.seeds");
        }
        if (known.isEmpty()) {
            change(identity.with(membership));
        }
    }

    /** Writes down that the folder holds a voter of the metadata group, so that its loss is noticed. */
    public synchronized void metadataStarted() throws IOException {
        if (!identity.metadataStarted() || identity.metadataRetired()) {
            change(identity.withMetadata(false));
        }
    }

    /** Writes down that the folder's voter has left the metadata group: no start opens or founds one again. */
    public synchronized void metadataRetired() throws IOException {
        if (!identity.metadataRetired()) {
            change(identity.withMetadata(true));
        }
    }

    /** Writes down who votes on the metadata now, for a start at which all that did before are gone. */
    public synchronized void contacts(List<VoterContact> voters) throws IOException {
        if (!identity.contacts().equals(voters)) {
            change(identity.with(voters));
        }
    }

    private void change(Identity changed) throws IOException {
        writeBoth(path, changed);
        identity = changed;
    }

    /** The copy first: what a crash leaves there alone was about to become valid, and nobody counts on it yet. */
    private static void writeBoth(Path path, Identity identity) throws IOException {
        write(path.resolve(META_COPY), identity);
        write(path.resolve(META_FILE), identity);
    }

    /** Atomically and durably: data first, then the name, then the folder that holds the name. */
    private static void write(Path file, Identity identity) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(MetaProperties.encode(identity));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
            folder.force(true);
        }
    }

    /** Gives the folder free for others. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}

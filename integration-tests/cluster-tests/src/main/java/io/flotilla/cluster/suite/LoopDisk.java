package io.flotilla.cluster.suite;

import io.flotilla.cluster.Ledger;
import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * A broker's own disk with a real file system, in a file that is mounted as a loop device. After a {@link PowerSwitch}
 * has cut its power, {@link #restore} brings back what had reached it. Needs root.
 *
 * <p>Whoever makes a disk closes it once nothing uses it. A JVM that ends without closing detaches its disks by a
 * shutdown hook; the kernel frees the loop device with the last use.
 */
public final class LoopDisk implements AutoCloseable {
    private static final int MEBIBYTES = 1024;
    private static final int UNMOUNT_ATTEMPTS = 20;
    private static final String CANARY = "canary-";
    private static final String BALLAST = "ballast";
    private static final String PROBE = "is-it-off";
    private static final long PAGE_BYTES = 4096;

    /** A file system that can lose power. */
    public enum Kind {
        EXT4("mkfs.ext4", "-F"),
        XFS("mkfs.xfs", "-f");

        private final String maker;
        private final String force;

        Kind(String maker, String force) {
            this.maker = maker;
            this.force = force;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Path image;
    private final Path mountPoint;
    private final Thread detacher = new Thread(this::detach, "detach-disk");
    private boolean mounted;
    private int canaries;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /**
     * Makes an empty file system and mounts it.
     *
     * @param image      the file, which takes only the room that is used
     * @param mountPoint a folder, made if it is missing
     * @throws IOException if that is not possible here, and why
     */
    public static LoopDisk make(Kind kind, Path image, Path mountPoint) throws IOException {
        return make(kind, image, mountPoint, MEBIBYTES, Ledger.NONE);
    }

    /** The same of another size, all of which is entered into a ledger before it is made. */
    public static LoopDisk make(Kind kind, Path image, Path mountPoint, int mebibytes, Ledger ledger)
            throws IOException {
        ledger.enter("image", image.toString(), List.of("rm", "-f", image.toString()));
        ledger.enter("mount", mountPoint.toString(), List.of("umount", "-l", mountPoint.toString()));
        Files.createDirectories(mountPoint);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), ((long) mebibytes << 20) - 1);
        }
        LoopDisk disk = new LoopDisk(image, mountPoint);
        try {
            SystemCommand.run(kind.maker, "-q", kind.force, image.toString());
            disk.mount();
            Files.deleteIfExists(mountPoint.resolve("lost+found")); // a broker's data folder is empty at first
            SystemCommand.run("sync", "-f", mountPoint.toString());
            Runtime.getRuntime().addShutdownHook(disk.detacher);
            return disk;
        } catch (IOException failure) {
            disk.detach();
            Files.deleteIfExists(image);
            throw failure;
        }
    }

    public Path mountPoint() {
        return mountPoint;
    }

    private void mount() throws IOException {
        SystemCommand.run("mount", "-o", "loop", image.toString(), mountPoint.toString());
        mounted = true;
    }

    private void unmount() throws IOException {
        for (int attempt = 1; ; attempt++) { // a killed process may hold files for a moment longer
            try {
                SystemCommand.run("umount", mountPoint.toString());
                mounted = false;
                return;
            } catch (IOException busy) {
                if (attempt == UNMOUNT_ATTEMPTS) {
                    throw busy;
                }
            }
        }
    }

    /**
     * Writes a file without making it durable, which a loss of power takes if nobody else syncs the disk before. It is a new
     * one each time: ext4 writes a file at once that was cut and written again.
     */
    public void releaseCanary() throws IOException {
        Files.deleteIfExists(canary());
        canaries++;
        Files.writeString(canary(), canary().toString());
    }

    /** Whether that file is there with all that was written; somebody else's sync may have saved its bare name. */
    public boolean canaryLives() {
        try {
            return Files.readString(canary()).equals(canary().toString());
        } catch (IOException gone) {
            return false;
        }
    }

    private Path canary() {
        return mountPoint.resolve(CANARY + canaries);
    }

    /** Takes all room but so many bytes, and a little that the file system keeps for itself. */
    public void leave(long bytes) throws IOException {
        Path ballast = mountPoint.resolve(BALLAST);
        long size = Files.exists(ballast) ? Files.size(ballast) : 0;
        for (long piece = freeBytes() - bytes; piece >= PAGE_BYTES; piece = Math.min(piece, freeBytes() - bytes)) {
            try {
                // Only what is new: xfs wants room for the whole range, that which the file has included.
                SystemCommand.run(
                        "fallocate", "-o", Long.toString(size), "-l", Long.toString(piece), ballast.toString());
                size += piece;
            } catch (IOException tooMuch) {
                piece /= 2;
            }
        }
    }

    /** Gives that room back. */
    public void empty() throws IOException {
        Files.deleteIfExists(mountPoint.resolve(BALLAST));
    }

    /** Bytes that are free, those for the superuser included. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(mountPoint).getUnallocatedSpace();
    }

    /**
     * Has the file system turn read-only under its users, as it does on an error of its own; ext4 only. {@link #restore}
     * makes it writable, once nobody uses it.
     */
    public void turnReadOnly() throws IOException {
        SystemCommand.run("mount", "-o", "remount,abort", mountPoint.toString());
    }

    /** Whether the disk refuses writes, as one without power does. */
    public boolean isOff() {
        Path probe = mountPoint.resolve(PROBE);
        try {
            Files.writeString(probe, PROBE);
            Files.delete(probe);
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    /** Mounts the disk again behind a loss of power. */
    public void restore() throws IOException {
        unmount();
        mount();
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            unmount();
        }
        Files.deleteIfExists(image);
        try {
            Runtime.getRuntime().removeShutdownHook(detacher);
        } catch (IllegalStateException alreadyEnding) {
            // The hook finds nothing to do.
        }
    }

    private void detach() {
        if (mounted) {
            try {
                SystemCommand.run("umount", "-l", mountPoint.toString());
            } catch (IOException failure) {
                System.err.println("cannot detach " + mountPoint + ": " + failure.getMessage());
            }
        }
    }
}

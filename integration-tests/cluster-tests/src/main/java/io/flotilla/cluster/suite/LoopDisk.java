package io.flotilla.cluster.suite;

import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A broker's own disk with a real file system, in a file that is mounted as a loop device. After a {@link PowerSwitch}
 * has cut its power, {@link #restore} brings back what had reached it. Needs root.
 *
 * <p>Whoever makes a disk closes it once nothing uses it. A JVM that ends without closing detaches its disks by a
 * shutdown hook; the kernel frees the loop device with the last use.
 */
final class LoopDisk implements AutoCloseable {
    private static final int MEBIBYTES = 1024;
    private static final int UNMOUNT_ATTEMPTS = 20;
    private static final String CANARY = "canary";

    /** A file system that can lose power. */
    enum Kind {
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
    static LoopDisk make(Kind kind, Path image, Path mountPoint) throws IOException {
        Files.createDirectories(mountPoint);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), ((long) MEBIBYTES << 20) - 1);
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

    Path mountPoint() {
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

    /** Writes a file without making it durable, which a loss of power takes if nobody else syncs the disk before. */
    void releaseCanary() throws IOException {
        Files.writeString(mountPoint.resolve(CANARY), "not durable");
    }

    /** Whether that file is there. */
    boolean canaryLives() {
        return Files.exists(mountPoint.resolve(CANARY));
    }

    /** Whether the disk refuses writes, as one without power does. */
    boolean isOff() {
        try {
            releaseCanary();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    /** Mounts the disk again behind a loss of power. */
    void restore() throws IOException {
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

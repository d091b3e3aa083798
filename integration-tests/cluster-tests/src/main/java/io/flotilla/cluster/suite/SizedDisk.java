package io.flotilla.cluster.suite;

import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small disk of its own for one broker, in memory, that can be filled and emptied. Mounting needs root. */
final class SizedDisk implements AutoCloseable {
    private static final String BALLAST = "ballast";
    private static final int BLOCK_BYTES = 1 << 20;

    private final Path mountPoint;

    private SizedDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /**
     * Mounts an empty disk. The caller closes it, once nothing uses it.
     *
     * @throws IOException if it cannot be mounted, as without root
     */
    static SizedDisk mount(Path mountPoint, int mebibytes) throws IOException {
        Files.createDirectories(mountPoint);
        SystemCommand.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", mountPoint.toString());
        return new SizedDisk(mountPoint);
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(mountPoint).getUsableSpace();
    }

    /** Fills the disk until no more than the given room is left. */
    void leave(long bytes) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (var ballast = Files.newOutputStream(
                mountPoint.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (freeBytes() > bytes) {
                ballast.write(block, 0, (int) Math.min(block.length, freeBytes() - bytes));
            }
        }
    }

    /** Gives back the room that was filled. */
    void empty() throws IOException {
        Files.deleteIfExists(mountPoint.resolve(BALLAST));
    }

    @Override
    public void close() throws IOException {
        SystemCommand.run("umount", mountPoint.toString());
    }
}

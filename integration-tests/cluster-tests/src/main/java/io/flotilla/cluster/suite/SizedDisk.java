package io.flotilla.cluster.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small disk of its own for one broker, in memory, that can be filled and emptied. Mounting needs root. */
final class SizedDisk implements AutoCloseable {
    private static final String BALLAST = "ballast";
    private static final int BLOCK_BYTES = 1 << 20;
    private static final long COMMAND_SECONDS_MAX = 20;

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
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", mountPoint.toString()));
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
        run(List.of("umount", mountPoint.toString()));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end within " + COMMAND_SECONDS_MAX + " s");
            }
            if (process.exitValue() != 0) {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(command + " failed: " + said.strip());
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command, interrupted);
        }
    }
}

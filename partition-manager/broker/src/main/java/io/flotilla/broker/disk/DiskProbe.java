package io.flotilla.broker.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether a folder's disk still does what a log needs of it. */
final class DiskProbe {
    private static final String FILE = "disk-probe";
    private static final int BYTES = 4 << 10;

    private DiskProbe() {}

    /**
     * Writes a file, makes it and its name durable, and deletes it.
     *
     * @throws IOException if any of that fails
     */
    static void check(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            ByteBuffer content = ByteBuffer.allocate(BYTES);
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        try (FileChannel names = FileChannel.open(folder, READ)) {
            names.force(true);
        }
        Files.delete(file);
    }
}

package io.flotilla.chaos.plant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often the rules inside of brokers were met, by name; the processes that counted may run or be gone.
 *
 * @param folder of the counters; it may be missing as long as nothing was counted
 */
public record Hits(Path folder) {
    /** All counts, over all processes. */
    public SortedMap<String, Long> all() throws IOException {
        SortedMap<String, Long> counts = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return counts;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String fileName = file.getFileName().toString();
                counts.merge(fileName.substring(0, fileName.lastIndexOf('.')), read(file), Long::sum);
            }
        }
        return counts;
    }

    /** One count, over all processes. */
    public long of(String name) throws IOException {
        return all().getOrDefault(name, 0L);
    }

    /** One count of one process. */
    public long of(String name, long pid) throws IOException {
        Path file = folder.resolve(name + "." + pid);
        return Files.exists(file) ? read(file) : 0;
    }

    private static long read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        return content.length < Long.BYTES ? 0 : ByteBuffer.wrap(content).getLong();
    }
}

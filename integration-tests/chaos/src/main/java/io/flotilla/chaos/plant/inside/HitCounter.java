package io.flotilla.chaos.plant.inside;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often something happened in this process, in a mapped file {@code <name>.<process id>} of eight bytes: what it holds
 * outlives the process, however that ends.
 *
 * <p>Threading: safe for all threads.
 */
final class HitCounter {
    /** System property with the folder of the files; it has to be there. */
    static final String FOLDER = "flotilla.chaos.hits";

    private static final Map<String, HitCounter> COUNTERS = new ConcurrentHashMap<>();

    private final MappedByteBuffer file;

    private HitCounter(MappedByteBuffer file) {
        this.file = file;
    }

    static HitCounter of(String name) {
        return COUNTERS.computeIfAbsent(name, any -> Undisturbed.get(() -> open(any)));
    }

    private static HitCounter open(String name) throws IOException {
        String folder = System.getProperty(FOLDER);
        if (folder == null) {
            throw new IllegalStateException("the rules of this process need -D" + FOLDER + "=<folder>");
        }
        Path path = Path.of(folder).resolve(name + "." + ProcessHandle.current().pid());
        Files.createDirectories(Path.of(folder));
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new HitCounter(channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES));
        }
    }

    synchronized long increment() {
        long count = file.getLong(0) + 1;
        file.putLong(0, count);
        return count;
    }
}

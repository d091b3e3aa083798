package io.flotilla.bitrot;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** One bit of one durable file, and its reversal. */
record BitFlip(Path file, long position, int bit) {
    private static final String LOCK = "lock";

    /** Draws a file below the folder, each as likely as the others whatever its size, and a bit of it. */
    static BitFlip draw(Path folder, Random random) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> durable = files.filter(BitFlip::isDurable).sorted().toList();
            Path file = durable.get(random.nextInt(durable.size()));
            return new BitFlip(file, (long) (random.nextDouble() * Files.size(file)), random.nextInt(Byte.SIZE));
        }
    }

    private static boolean isDurable(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !file.toString().contains("quarantine")
                && file.toFile().length() > 0
                && !name.equalsIgnoreCase(LOCK)
                && !name.equals("in_use.lock")
                && !name.startsWith("LOG"); // of RocksDB: told to people, read by nobody
    }

    /** What kind of file it is, for a table. */
    String kind() {
        String path = file.toString().replace('\\', '/');
        if (path.contains("/partitions/")) {
            return path.endsWith(".log") ? "segment" : "partition " + file.getFileName();
        }
        if (path.contains("/raft/")) {
            return file.getFileName().toString().startsWith("log_")
                    ? "raft log"
                    : file.getFileName().toString();
        }
        if (path.contains("/index/")) {
            return "index";
        }
        return path.contains("/metadata/")
                ? "metadata snapshot"
                : file.getFileName().toString();
    }

    /** Does it; done twice, it is undone. */
    void apply() throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 1 << bit)).rewind();
            channel.write(one, position);
            channel.force(true);
        }
    }
}

package io.flotilla.bitrot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What the brokers have said since a moment, in the file that they log to. */
final class BrokersLog {
    /** Our own warnings and errors; Ratis tells of elections in the same file. */
    private static final Pattern LOUD = Pattern.compile("^\\S+ (WARN|ERROR) +\\[[^]]*] i\\.f\\..*");

    private final Path file;
    private long mark;

    BrokersLog(Path file) {
        this.file = file;
    }

    /** Forgets what was said up to now. */
    void mark() throws IOException {
        mark = Files.exists(file) ? Files.size(file) : 0;
    }

    /** Warnings and errors since then. */
    List<String> loud() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] text = new byte[Math.toIntExact(log.length() - mark)];
            log.seek(mark);
            log.readFully(text);
            return new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> LOUD.matcher(line).matches())
                    .toList();
        }
    }
}

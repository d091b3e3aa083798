package io.flotilla.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What a broker's processes printed, one after the other, in one file. */
public final class BrokerLog {
    private static final int TAIL_LINES = 40;

    private final Path file;

    BrokerLog(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** Size in bytes, 0 while there is no file. */
    long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** What was printed behind the given position; nothing while there is no file. */
    byte[] bytesFrom(long position) {
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try (var channel = Files.newByteChannel(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - position)));
            channel.position(position);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // reads until the buffer is full, or the file ends early
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** Follows what is printed from now on. */
    public LogTail tailFromNow() {
        return new LogTail(this, size());
    }

    /** Every line since the broker's first start. */
    public List<String> lines() {
        return new String(bytesFrom(0), StandardCharsets.UTF_8).lines().toList();
    }

    /** Lines that contain the text, since the broker's first start. */
    public List<String> linesWith(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }

    /** The last lines, headed by the file's name: for messages to people. */
    public String tail() {
        List<String> lines = lines();
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return "last lines of " + file + ":\n  " + String.join("\n  ", last);
    }
}

package io.flotilla.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Lines printed after the given position, a last one without its end included. */
    List<String> linesFrom(long position) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var channel = Files.newByteChannel(file)) {
            channel.position(position);
            var buffer = new byte[Math.toIntExact(Math.max(0, channel.size() - position))];
            var target = ByteBuffer.wrap(buffer);
            while (target.hasRemaining() && channel.read(target) >= 0) {}
            return new String(buffer, 0, target.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** Lines that contain the text, since the broker's first start. */
    public List<String> linesWith(String text) {
        return linesFrom(0).stream().filter(line -> line.contains(text)).toList();
    }

    /** The last lines, headed by the file's name: for messages to people. */
    public String tail() {
        List<String> lines = linesFrom(0);
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return "last lines of " + file + ":\n  " + String.join("\n  ", last);
    }
}

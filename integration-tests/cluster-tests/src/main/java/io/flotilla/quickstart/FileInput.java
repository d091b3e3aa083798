package io.flotilla.quickstart;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of one file, in constant memory. */
final class FileInput implements LineInput {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final KeyRule keys;

    /**
     * @throws InputRefused if there is no such file, or it cannot be read
     */
    FileInput(Path file) {
        if (!Files.exists(file)) {
            throw new InputRefused("there is no file " + file.toAbsolutePath(), "correct the path given to --input");
        }
        if (!Files.isRegularFile(file)) {
            throw new InputRefused(file + " is not a regular file", "name a file, not a folder or a device");
        }
        if (!Files.isReadable(file)) {
            throw new InputRefused(
                    file + " cannot be read by user " + System.getProperty("user.name"), "change its permissions");
        }
        this.file = file;
        keys = KeyRule.forFile(file.getFileName().toString());
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public String keyDescription() {
        return keys.description();
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        forEachLine(file, line -> sink.accept(keys.keyOf(line), line));
    }

    /** Takes a line without its line feed. */
    interface LineSink {
        void accept(byte[] line);
    }

    /** Passes the lines of a file on. A file that ends in a line feed has no further, empty line behind it. */
    static void forEachLine(Path file, LineSink sink) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            var line = new ByteArrayOutputStream();
            long lines = 0;
            int next = bytes.read();
            while (next >= 0) {
                while (next >= 0 && next != '\n') {
                    line.write(next);
                    next = bytes.read();
                    if (line.size() > LINE_BYTES_MAX) {
                        throw new InputRefused(
                                "line " + (lines + 1) + " of " + file + " has more than " + LINE_BYTES_MAX + " bytes",
                                "split it: a record cannot be larger than a batch, 1 MiB");
                    }
                }
                if (++lines > LINES_MAX) {
                    throw new InputRefused(
                            file + " has more than " + LINES_MAX + " lines",
                            "cut it, for instance with: head -n " + LINES_MAX);
                }
                sink.accept(line.toByteArray());
                line.reset();
                next = next == '\n' ? bytes.read() : next;
            }
        }
    }
}

package io.flotilla.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: data on {@code out}, everything for the user's eyes on {@code err}.
 *
 * @param out buffered; whoever prints flushes when a reader could be waiting
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err) {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The process's own streams. Always UTF-8, so that output does not depend on the locale. */
    public static Terminal ofProcess() {
        return new Terminal(System.in, stream(FileDescriptor.out, false), stream(FileDescriptor.err, true));
    }

    private static PrintStream stream(FileDescriptor descriptor, boolean autoFlush) {
        var buffered = new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES);
        return new PrintStream(buffered, autoFlush, StandardCharsets.UTF_8);
    }
}

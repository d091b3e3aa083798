package io.flotilla.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes at line feeds. Bytes are kept as they are, so that what was produced line by line comes back
 * byte for byte; a last line without a line feed counts, and an empty line is an empty array.
 */
final class LineReader {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int lineBytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private long linesRead;

    /**
     * @param in           the caller keeps it and closes it
     * @param lineBytesMax longest line accepted, in bytes without its line feed
     */
    LineReader(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /**
     * Reads the next line, null at the end.
     *
     * @throws IllegalArgumentException if the line is longer than the limit
     */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean any = false;
        while (start < end || fill()) {
            any = true;
            int feed = indexOfLineFeed();
            int stop = feed < 0 ? end : feed;
            append(line, stop);
            start = feed < 0 ? end : feed + 1;
            if (feed >= 0) {
                break;
            }
        }
        if (!any) {
            return null;
        }
        linesRead++;
        return line.toByteArray();
    }

    /** Whether bytes of another line are at hand. */
    boolean hasNextWithoutWaiting() throws IOException {
        return start < end || in.available() > 0;
    }

    private void append(ByteArrayOutputStream line, int stop) {
        if (line.size() + (stop - start) > lineBytesMax) {
            throw new IllegalArgumentException(
                    "line " + (linesRead + 1) + " is longer than " + lineBytesMax + " bytes");
        }
        line.write(buffer, start, stop - start);
    }

    private int indexOfLineFeed() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        start = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}

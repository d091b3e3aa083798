package io.flotilla.chaos.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The events of one file, put in the order of their times as far as a window reaches: writers that race are some lines
 * apart. Whoever opens it closes it.
 */
final class HistoryFile implements AutoCloseable {
    /** Lines held back to be put in order. */
    static final int WINDOW_LINES = 4_096;

    /** Records in the lines held back; of a history with huge polls fewer lines are held. */
    private static final int WINDOW_RECORDS = 1 << 17;

    private static final int BUFFER_BYTES = 1 << 17;

    private final Path file;
    private final InputStream in;
    private final EventCodec codec = new EventCodec();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private boolean ended;

    // A ring, sorted: the earliest at head.
    private final @Nullable Event[] window = new Event[WINDOW_LINES];
    private int head;
    private int held;
    private int heldRecords;

    private long lastNanos = Long.MIN_VALUE;
    private long lines;
    private long behind;
    private @Nullable String cut;

    private HistoryFile(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static HistoryFile open(Path file) throws IOException {
        return new HistoryFile(file, Files.newInputStream(file));
    }

    /**
     * The next event in time, or null at the end.
     *
     * @throws HistoryException if a line is not one
     */
    @Nullable
    Event next() throws IOException {
        while (held < WINDOW_LINES && heldRecords < WINDOW_RECORDS && !ended) {
            Event event = readLine();
            if (event != null) {
                insert(event);
            }
        }
        if (held == 0) {
            return null;
        }
        Event first = window[head];
        window[head] = null;
        head = head + 1 & WINDOW_LINES - 1;
        held--;
        heldRecords -= recordsOf(first);
        lastNanos = Math.max(lastNanos, first.nanos());
        return first;
    }

    long lines() {
        return lines;
    }

    long behind() {
        return behind;
    }

    @Nullable
    String cut() {
        return cut;
    }

    private void insert(Event event) {
        if (event.nanos() < lastNanos) {
            behind++;
        }
        int place = held;
        while (place > 0) {
            Event before = window[head + place - 1 & WINDOW_LINES - 1];
            if (before.nanos() <= event.nanos()) {
                break;
            }
            window[head + place & WINDOW_LINES - 1] = before;
            place--;
        }
        window[head + place & WINDOW_LINES - 1] = event;
        held++;
        heldRecords += recordsOf(event);
    }

    private static int recordsOf(@Nullable Event event) {
        if (event instanceof Event.Polled polled) {
            return polled.records().size();
        }
        return event instanceof Event.FinalRead read ? read.records().size() : 0;
    }

    /** One line's event; null for an empty line, a cut one, and the end. */
    private @Nullable Event readLine() throws IOException {
        int from = at;
        int scanned = at;
        while (true) {
            while (scanned < limit && buffer[scanned] != '\n') {
                scanned++;
            }
            if (scanned < limit) {
                at = scanned + 1;
                return scanned == from ? null : decode(from, scanned, true);
            }
            int shift = from;
            if (!fill(from)) {
                ended = true;
                return limit == 0 ? null : decode(0, limit, false);
            }
            from = 0;
            scanned -= shift;
        }
    }

    /** Moves what is left to the front and reads more behind it; false at the end of the file. */
    private boolean fill(int from) throws IOException {
        System.arraycopy(buffer, from, buffer, 0, limit - from);
        limit -= from;
        at = 0;
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, count);
        return count > 0;
    }

    private @Nullable Event decode(int from, int to, boolean complete) {
        lines++;
        try {
            return codec.read(buffer, from, to);
        } catch (IllegalArgumentException wrong) {
            if (!complete) { // whoever wrote it was killed within the line
                cut = file + ", line " + lines;
                lines--;
                return null;
            }
            throw new HistoryException(file + ", line " + lines + ": " + wrong.getMessage(), wrong);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package io.flotilla.raftlog.segment;

import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.LogIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One replica's log of a partition: committed batches in files {@code <base offset, 20 digits>.log}.
 *
 * <p>Threading: {@link #append} and {@link #publish} by one thread at a time; reads by any thread, which see what was
 * published last and never less than before; {@link #makeDurable} by one thread at a time, beside the others.
 * {@link #close} waits for reads and flushes on their way; it must not run beside an append.
 */
public final class SegmentedLog implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Path folder;
    private final LogIndex index;
    private final SegmentWriter writer;
    private final SegmentReader reader;
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;
    private volatile LogView view;
    private volatile long appendedBytes;
    private int durableSegments;

    private SegmentedLog(Path folder, LogIndex index, SegmentWriter writer, LogView view) {
        this.folder = folder;
        this.index = index;
        this.writer = writer;
        this.reader = new SegmentReader(index);
        this.view = view;
        this.durableSegments = view.segments().size();
    }

    /**
     * Opens the log in a folder and drops what lies behind {@code end}.
     *
     * @param segmentBytesMax a segment ends before the batch with which it would be larger, in bytes
     * @param end             up to here the files are durable
     * @throws IOException if they are not there or not whole up to that place
     */
    public static SegmentedLog open(Path folder, int segmentBytesMax, LogIndex index, long startOffset, LogEnd end)
            throws IOException {
        SegmentRecovery.Recovered recovered = SegmentRecovery.recover(folder, end, index);
        LogView view = new LogView(List.copyOf(recovered.segments()), startOffset, end);
        return new SegmentedLog(
                folder,
                index,
                new SegmentWriter(folder, segmentBytesMax, index, recovered.segments(), end, recovered.lastPointAt()),
                view);
    }

    public long startOffset() {
        return view.startOffset();
    }

    /** End of what is published; its offset is the high watermark. */
    public LogEnd end() {
        return view.end();
    }

    /**
     * Appends a batch at the end of what was appended. Readers see it after {@link #publish}.
     *
     * @param batch left as it is; its copy in the file has the offset and the epoch in its header
     */
    public void append(RecordBatch batch, int leaderEpoch) throws IOException {
        writer.append(batch, leaderEpoch);
    }

    /** Shows readers all that was appended. */
    public void publish() throws IOException {
        writer.finish();
        LogView before = view;
        List<Segment> segments = writer.segments().size() == before.segments().size()
                ? before.segments()
                : List.copyOf(writer.segments());
        view = new LogView(segments, before.startOffset(), writer.end());
        appendedBytes = writer.appendedBytes();
    }

    /** Bytes published since the log was opened. */
    public long appendedBytes() {
        return appendedBytes;
    }

    /**
     * Reads whole batches, beginning with the one that holds {@code offset}.
     *
     * @param offset   from the log's start to its published end inclusive; there the result is empty
     * @param maxBytes soft limit, 1 or more; the first batch comes even if larger
     * @throws OffsetOutOfRange if {@code offset} lies outside that range
     * @throws IOException      if the files cannot be read or are corrupt
     */
    public BatchSlice read(long offset, int maxBytes) throws IOException {
        LogView now = view;
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is below 1");
        }
        if (offset < now.startOffset() || offset > now.end().endOffset()) {
            throw new OffsetOutOfRange(offset, now.startOffset(), now.end().endOffset());
        }
        if (offset == now.end().endOffset()) {
            return new BatchSlice(NOTHING, offset);
        }
        return whileOpen(() -> reader.read(now, offset, maxBytes));
    }

    /** Finds the first published record whose timestamp is the given one or later. */
    public Optional<LogRecord> firstAtOrAfter(long timestampMillis) throws IOException {
        LogView now = view;
        return whileOpen(() -> reader.firstAtOrAfter(now, timestampMillis));
    }

    /** Makes segments durable at least up to a place that was published. A failure is final. */
    public void makeDurable(LogEnd upTo) throws IOException {
        LogView now = view;
        whileOpen(() -> {
            // All before the last one that was durable are full, so nothing was added to them.
            int number = durableSegments - 1;
            for (; number < now.segments().size() && isWithin(now, number, upTo); number++) {
                now.segments().get(number).makeDurable(now.bytesOf(number));
            }
            if (number > durableSegments) {
                DurableFiles.syncFolder(folder);
                durableSegments = number;
            }
            return number;
        });
    }

    private static boolean isWithin(LogView view, int number, LogEnd upTo) {
        return view.segments().get(number).baseOffset() <= upTo.activeBase();
    }

    /** Makes the index durable up to a place, which {@link #makeDurable} has seen before. */
    public void markIndexed(LogEnd upTo) throws IOException {
        index.mark(upTo.endOffset());
    }

    private interface Access<T> {
        T run() throws IOException;
    }

    private <T> T whileOpen(Access<T> access) throws IOException {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the log in " + folder + " is closed");
            }
            return access.run();
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                for (Segment segment : writer.segments()) {
                    segment.close();
                }
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}

package io.flotilla.raftlog.segment;

import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One replica's log of a partition: committed batches in files {@code <base offset, 20 digits>.log}.
 *
 * <p>Threading: {@link #append}, {@link #publish} and {@link #advanceStart} by one thread at a time; reads by any thread,
 * which see what was published last and never an end before that; {@link #makeDurable} and {@link #deleteBefore} by one
 * thread at a time, beside the others. {@link #close} waits for reads and flushes on their way; it must not run beside
 * an append.
 */
public final class SegmentedLog implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Path folder;
    private final LogIndex index;
    private final SegmentWriter writer;
    private final SegmentReader reader;
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;
    private final Object viewing = new Object();
    private volatile LogView
            view; // replaced under the lock: one thread moves its end, another drops its first segments
    private volatile long appendedBytes;
    private long durableBase;

    private SegmentedLog(Path folder, LogIndex index, SegmentWriter writer, LogView view) {
        this.folder = folder;
        this.index = index;
        this.writer = writer;
        this.reader = new SegmentReader(index);
        this.view = view;
        this.durableBase = view.end().activeBase();
    }

    /**
     * Opens the log in a folder and drops what lies behind {@code end}.
     *
     * @param segmentBytesMax a segment ends before the batch with which it would be larger, in bytes
     * @param startOffset     segments wholly before it are deleted: a crash kept {@link #deleteBefore} from it
     * @param end             up to here the files are durable
     * @throws IOException if they are not there or not whole up to that place
     */
    public static SegmentedLog open(Path folder, int segmentBytesMax, LogIndex index, long startOffset, LogEnd end)
            throws IOException {
        SegmentRecovery.Recovered recovered = SegmentRecovery.recover(folder, startOffset, end, index);
        List<Segment> segments = List.copyOf(recovered.segments());
        Segment active = segments.get(segments.size() - 1);
        return new SegmentedLog(
                folder,
                index,
                new SegmentWriter(folder, segmentBytesMax, index, active, end, recovered.lastPointAt()),
                new LogView(segments, startOffset, end));
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
        publishWritten(view.startOffset());
    }

    private void publishWritten(long startOffset) {
        synchronized (viewing) {
            view = view.with(writer.takeBegun(), writer.end()).from(startOffset);
        }
        appendedBytes = writer.appendedBytes();
    }

    /**
     * Takes the records before an offset from readers. Their files stay until {@link #deleteBefore}. When nothing is
     * left, the last segment ends, so that it can be deleted too: where segments end still follows from what was
     * applied alone.
     *
     * @param newStartOffset from the log's start to its published end; all that was appended must be published
     */
    public void advanceStart(long newStartOffset) throws IOException {
        LogView before = view;
        if (newStartOffset < before.startOffset()
                || newStartOffset > before.end().endOffset()) {
            throw new IllegalArgumentException("log from " + before.startOffset() + " to "
                    + before.end().endOffset() + " cannot begin at " + newStartOffset);
        }
        if (newStartOffset == before.end().endOffset()) {
            writer.roll();
        }
        publishWritten(newStartOffset);
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
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is below 1");
        }
        return whileOpen(now -> {
            if (offset < now.startOffset() || offset > now.end().endOffset()) {
                throw new OffsetOutOfRange(offset, now.startOffset(), now.end().endOffset());
            }
            return offset == now.end().endOffset()
                    ? new BatchSlice(NOTHING, offset)
                    : reader.read(now, offset, maxBytes);
        });
    }

    /**
     * Timestamp of the batch that holds an offset, which is its first record's; of the log's first batch for an offset
     * before that. Costs one short read, whatever the batch holds.
     *
     * @return milliseconds since the epoch, {@code RecordBatch.NO_TIMESTAMP} if its producer set none; empty at the
     *     published end and behind it
     * @throws IOException if the files cannot be read or are corrupt
     */
    public OptionalLong batchTimestamp(long offset) throws IOException {
        return whileOpen(now -> {
            long first = Math.max(offset, now.startOffset());
            return first >= now.end().endOffset()
                    ? OptionalLong.empty()
                    : OptionalLong.of(reader.batchTimestamp(now, first));
        });
    }

    /** Finds the first published record whose timestamp is the given one or later. */
    public Optional<LogRecord> firstAtOrAfter(long timestampMillis) throws IOException {
        return whileOpen(now -> reader.firstAtOrAfter(now, timestampMillis));
    }

    /** The segments from the one that holds the log's start on; the last one is being written to. */
    public List<SegmentDescription> segments() {
        LogView now = view;
        List<SegmentDescription> described = new ArrayList<>();
        for (int number = now.segmentOf(now.startOffset());
                number < now.segments().size();
                number++) {
            Segment segment = now.segments().get(number);
            described.add(new SegmentDescription(
                    segment.baseOffset(), now.endOffsetOf(number), now.bytesOf(number), segment.maxTimestamp()));
        }
        return described;
    }

    /**
     * Finds out the largest timestamp of a segment from its batches' headers, if it is not known.
     *
     * @param baseOffset of any segment but the last one; one that is gone is no error
     */
    public void learnMaxTimestamp(long baseOffset) throws IOException {
        whileOpen(now -> {
            int number = now.segmentOf(baseOffset);
            Segment segment = now.segments().get(number);
            boolean known = segment.maxTimestamp().isPresent();
            if (known
                    || segment.baseOffset() != baseOffset
                    || number + 1 == now.segments().size()) {
                return known;
            }
            long maxTimestamp = IndexPoint.NONE_BEFORE;
            BatchCursor batches = new BatchCursor(segment, 0, now.bytesOf(number));
            for (StoredBatch batch = batches.next(); batch != null; batch = batches.next()) {
                maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
            }
            segment.learnMaxTimestamp(maxTimestamp);
            return true;
        });
    }

    /** Makes segments durable at least up to a place that was published. A failure is final. */
    public void makeDurable(LogEnd upTo) throws IOException {
        long newDurableBase = whileOpen(now -> {
            long lastBase = durableBase;
            for (int number = now.segmentOf(durableBase);
                    number < now.segments().size();
                    number++) {
                Segment segment = now.segments().get(number);
                if (segment.baseOffset() > upTo.activeBase()) {
                    break;
                }
                segment.makeDurable(now.bytesOf(number)); // all before the last durable one are full and durable
                lastBase = segment.baseOffset();
            }
            return lastBase;
        });
        if (newDurableBase > durableBase) {
            DurableFiles.syncFolder(folder);
            durableBase = newDurableBase;
        }
    }

    /** Makes the index durable up to a place, which {@link #makeDurable} has seen before. */
    public void markIndexed(LogEnd upTo) throws IOException {
        index.mark(upTo.endOffset());
    }

    /**
     * Deletes the files of segments that end at an offset or before it. Reads on their way end first.
     *
     * @param offset at or before the log's start, of which {@link #open} is told even after a loss of power: without
     *     these files the log cannot be opened with an earlier start
     */
    public void deleteBefore(long offset) throws IOException {
        List<Segment> deleted;
        LogView kept;
        synchronized (viewing) {
            int count = view.segmentsBefore(Math.min(offset, view.startOffset()));
            deleted = view.segments().subList(0, count);
            kept = view.withoutFirst(count);
            view = kept;
        }
        if (!deleted.isEmpty()) {
            closeAfterReads(deleted);
            for (Segment segment : deleted) {
                segment.delete();
            }
            DurableFiles.syncFolder(folder);
            index.dropBefore(kept.segments().get(0).baseOffset());
        }
    }

    /** Waits until every access that could know an earlier view has ended; those that come wait as long. */
    private void closeAfterReads(List<Segment> unseen) throws IOException {
        lifetime.writeLock().lock();
        try {
            for (Segment segment : unseen) {
                segment.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private interface Access<T> {
        T to(LogView now) throws IOException;
    }

    private <T> T whileOpen(Access<T> access) throws IOException {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the log in " + folder + " is closed");
            }
            return access.to(view);
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
                for (Segment segment : view.segments()) {
                    segment.close();
                }
                for (Segment unpublished : writer.takeBegun()) {
                    unpublished.close();
                }
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}

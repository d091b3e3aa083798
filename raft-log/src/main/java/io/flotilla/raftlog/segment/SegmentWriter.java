package io.flotilla.raftlog.segment;

import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends batches behind a log's end. Where segments begin and which batches are indexed follows from the content
 * alone: a segment ends before the batch that would not fit, and a batch is indexed when it is its segment's first or
 * begins {@link #INDEX_INTERVAL_BYTES} or more behind the last one that is.
 *
 * <p>Threading: confined to the thread that applies the log.
 */
final class SegmentWriter {
    /** Bytes of log between two index points, at least. */
    static final int INDEX_INTERVAL_BYTES = 16 << 10;

    /**
     * Buffer through which all bytes pass on their way to the file, so that the entry they came in is left as it is,
     * small batches share one write, and the JDK keeps no buffer of an entry's size for each thread.
     */
    private static final int STAGING_BYTES = 64 << 10;

    private final Path folder;
    private final int segmentBytesMax;
    private final LogIndex index;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private final ByteBuffer placedHeader = ByteBuffer.allocate(StoredBatch.AFTER_LEADER_EPOCH);
    private final List<IndexPoint> unwrittenPoints = new ArrayList<>();
    private final List<Segment> begun = new ArrayList<>();
    private Segment active;
    private long endOffset;
    private int activeBytes;
    private long maxTimestamp;
    private int lastPointAt;
    private long appendedBytes;

    /**
     * @param active      the last segment, cut to the log's end; it stays the caller's
     * @param lastPointAt position of the last index point in the last segment; of no meaning while that is empty
     */
    SegmentWriter(Path folder, int segmentBytesMax, LogIndex index, Segment active, LogEnd end, int lastPointAt) {
        this.folder = folder;
        this.segmentBytesMax = segmentBytesMax;
        this.index = index;
        this.active = active;
        this.endOffset = end.endOffset();
        this.activeBytes = end.activeBytes();
        this.maxTimestamp = end.maxTimestamp();
        this.lastPointAt = lastPointAt;
    }

    /** Appends a batch at the log's end. It may wait in memory until {@link #finish}. */
    void append(RecordBatch batch, int leaderEpoch) throws IOException {
        int size = batch.sizeInBytes();
        if (activeBytes + (long) size > segmentBytesMax) {
            roll();
        }
        if (isIndexed(activeBytes, lastPointAt)) {
            unwrittenPoints.add(new IndexPoint(endOffset, active.baseOffset(), activeBytes, maxTimestamp));
            lastPointAt = activeBytes;
        }
        ByteBuffer bytes = batch.buffer();
        placedHeader.clear();
        placedHeader.putLong(endOffset);
        placedHeader.putInt(bytes.getInt(StoredBatch.LENGTH_AT));
        placedHeader.putInt(leaderEpoch);
        stage(placedHeader.flip());
        stage(bytes.position(StoredBatch.AFTER_LEADER_EPOCH));
        activeBytes += size;
        appendedBytes += size;
        endOffset += batch.lastOffsetDelta() + 1L;
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        active.include(batch.maxTimestamp());
    }

    /** Whether a batch at a position of its segment is an index point, {@code lastPointAt} being the last one before. */
    static boolean isIndexed(int position, int lastPointAt) {
        return position == 0 || position - lastPointAt >= INDEX_INTERVAL_BYTES;
    }

    /** Ends the last segment and begins the next one; one without a batch just goes on. */
    void roll() throws IOException {
        if (activeBytes > 0) {
            writeStaged();
            active = Segment.create(folder, endOffset);
            begun.add(active);
            activeBytes = 0;
        }
    }

    private void stage(ByteBuffer bytes) throws IOException {
        int from = bytes.position();
        int end = bytes.limit();
        while (from < end) {
            if (!staging.hasRemaining()) {
                writeStaged();
            }
            int count = Math.min(end - from, staging.remaining());
            staging.put(bytes.slice(from, count));
            from += count;
        }
    }

    private void writeStaged() throws IOException {
        active.append(staging.flip());
        staging.clear();
    }

    /** Hands everything to the files and the index, so that a view with {@link #end} may be published. */
    void finish() throws IOException {
        writeStaged();
        index.add(unwrittenPoints);
        unwrittenPoints.clear();
    }

    LogEnd end() {
        return new LogEnd(endOffset, active.baseOffset(), activeBytes, maxTimestamp);
    }

    /** Bytes appended since this writer was made. */
    long appendedBytes() {
        return appendedBytes;
    }

    /** The segments begun since the last call, which pass to the caller. */
    List<Segment> takeBegun() {
        List<Segment> taken = List.copyOf(begun);
        begun.clear();
        return taken;
    }
}

package io.flotilla.raftlog.segment;

import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Walks the batch headers of a segment through a small window, without reading what large batches hold. */
final class BatchCursor {
    /** About the distance of two index points, so that a lookup mostly costs one read. */
    private static final int WINDOW_BYTES = 16 << 10;

    private final Segment segment;
    private final int end;
    private final ByteBuffer window;
    private int windowStart;
    private int position;

    /**
     * @param position where a batch begins
     * @param end      where one ends, at least {@code position}
     */
    BatchCursor(Segment segment, int position, int end) {
        this.segment = segment;
        this.position = position;
        this.end = end;
        this.windowStart = position;
        this.window =
                ByteBuffer.allocate(Math.min(WINDOW_BYTES, end - position)).limit(0);
    }

    /**
     * Returns the next batch, null at the end.
     *
     * @throws IOException if there is something else than batches
     */
    @Nullable
    StoredBatch next() throws IOException {
        if (position == end) {
            return null;
        }
        if (end - position < RecordBatch.HEADER_BYTES) {
            throw segment.corrupt(end - position + " bytes are left at byte " + position + ", too few for a batch");
        }
        if (position + RecordBatch.HEADER_BYTES > windowStart + window.limit()) {
            windowStart = position;
            window.clear().limit(Math.min(window.capacity(), end - position));
            segment.file().read(window, windowStart);
        }
        StoredBatch batch = segment.batchAt(window, position - windowStart, position);
        if (batch.sizeInBytes() > end - position) {
            throw segment.corrupt("batch at byte " + position + " of " + batch.sizeInBytes() + " bytes crosses " + end);
        }
        position = batch.end();
        return batch;
    }
}

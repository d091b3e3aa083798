package io.flotilla.raftlog.segment;

import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads batches within a view: from the index point before the offset it walks the headers. Where a read
 * ended is remembered, so that a consumer that goes on from there costs neither lookup nor walk.
 *
 * <p>Threading: safe for all threads.
 */
final class SegmentReader {
    /** Ends of earlier reads that are remembered, about as many as a partition has readers; a power of two. */
    private static final int RESUME_POINTS_MAX = 64;

    private final LogIndex index;
    private final AtomicReferenceArray<@Nullable ResumePoint> resumePoints =
            new AtomicReferenceArray<>(RESUME_POINTS_MAX);

    SegmentReader(LogIndex index) {
        this.index = index;
    }

    /** Where the batch that begins with an offset lies, if it is in that segment. */
    private record ResumePoint(long offset, long segmentBase, int position) {}

    /**
     * @param offset   from the view's start, below its end
     * @param maxBytes 1 or more; the first batch comes whole even if larger
     */
    BatchSlice read(LogView view, long offset, int maxBytes) throws IOException {
        int number = view.segmentOf(offset);
        Segment segment = view.segments().get(number);
        int available = view.bytesOf(number);
        int position = resumePosition(segment, offset);
        if (position < 0) {
            position = find(view, number, offset).position();
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(maxBytes, available - position));
        segment.file().read(bytes, position);
        int whole = 0;
        long nextOffset = offset;
        while (bytes.limit() - whole >= RecordBatch.HEADER_BYTES) {
            StoredBatch batch = segment.batchAt(bytes, whole, position + whole);
            if (batch.sizeInBytes() > bytes.limit() - whole) {
                break;
            }
            whole += batch.sizeInBytes();
            nextOffset = batch.nextOffset();
        }
        if (whole == 0) {
            return readOne(view, number, offset, position);
        }
        remember(new ResumePoint(nextOffset, segment.baseOffset(), position + whole));
        return new BatchSlice(bytes.slice(0, whole).asReadOnlyBuffer(), nextOffset);
    }

    private BatchSlice readOne(LogView view, int number, long offset, int position) throws IOException {
        Segment segment = view.segments().get(number);
        StoredBatch batch = new BatchCursor(segment, position, view.bytesOf(number)).next();
        if (batch == null || batch.lastOffset() < offset) {
            throw segment.corrupt("no batch with offset " + offset + " at byte " + position);
        }
        remember(new ResumePoint(batch.nextOffset(), segment.baseOffset(), batch.end()));
        return new BatchSlice(bytesOf(segment, batch).asReadOnlyBuffer(), batch.nextOffset());
    }

    private static ByteBuffer bytesOf(Segment segment, StoredBatch batch) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
        segment.file().read(bytes, batch.position());
        return bytes.flip();
    }

    /**
     * Reads one header, and those of the few batches between the index point before it and itself.
     *
     * @param offset from the view's start, below its end
     * @return timestamp of the first record of the batch that holds the offset
     */
    long batchTimestamp(LogView view, long offset) throws IOException {
        return find(view, view.segmentOf(offset), offset).firstTimestamp();
    }

    /** Finds the first record of the view whose timestamp is the given one or later. */
    Optional<LogRecord> firstAtOrAfter(LogView view, long timestampMillis) throws IOException {
        if (view.end().maxTimestamp() < timestampMillis
                || view.startOffset() == view.end().endOffset()) {
            return Optional.empty();
        }
        long from = Math.max(
                view.startOffset(), index.lastBeforeTime(timestampMillis).orElse(view.startOffset()));
        int number = view.segmentOf(from);
        int position = find(view, number, from).position();
        for (; number < view.segments().size(); number++, position = 0) {
            Segment segment = view.segments().get(number);
            BatchCursor batches = new BatchCursor(segment, position, view.bytesOf(number));
            for (StoredBatch batch = batches.next(); batch != null; batch = batches.next()) {
                if (batch.maxTimestamp() >= timestampMillis) {
                    Optional<LogRecord> found = firstIn(segment, batch, view.startOffset(), timestampMillis);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<LogRecord> firstIn(Segment segment, StoredBatch batch, long startOffset, long timestamp)
            throws IOException {
        return RecordBatch.at(bytesOf(segment, batch), 0).records().stream()
                .filter(found -> found.offset() >= startOffset && found.timestampMillis() >= timestamp)
                .findFirst();
    }

    private int resumePosition(Segment segment, long offset) {
        ResumePoint point = resumePoints.get(slotOf(offset));
        return point != null && point.offset() == offset && point.segmentBase() == segment.baseOffset()
                ? point.position()
                : -1;
    }

    private void remember(ResumePoint point) {
        resumePoints.set(slotOf(point.offset()), point);
    }

    private static int slotOf(long offset) {
        return Long.hashCode(offset) & (RESUME_POINTS_MAX - 1);
    }

    /** Finds the batch that holds an offset. */
    private StoredBatch find(LogView view, int number, long offset) throws IOException {
        Segment segment = view.segments().get(number);
        int from = index.atOrBefore(offset)
                .filter(point -> point.segmentBase() == segment.baseOffset())
                .map(IndexPoint::position)
                .orElse(0);
        BatchCursor batches = new BatchCursor(segment, from, view.bytesOf(number));
        for (StoredBatch batch = batches.next(); batch != null; batch = batches.next()) {
            if (batch.lastOffset() >= offset) {
                return batch;
            }
        }
        throw segment.corrupt("no batch holds offset " + offset + " behind byte " + from);
    }
}

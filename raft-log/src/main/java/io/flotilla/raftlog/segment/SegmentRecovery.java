package io.flotilla.raftlog.segment;

import io.flotilla.raftlog.index.IndexPoint;
import io.flotilla.raftlog.index.LogIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a log's files back to a place they are known to be durable up to, and its index with them. What lies behind
 * that place is dropped, since it is applied again. What lies before it is checked as far as a glance at each
 * segment's end can: a file that is missing or short must stop the replica, not surprise a consumer. Segments wholly
 * before the log's start are deleted, as they were about to be when it moved.
 */
final class SegmentRecovery {
    private static final Logger log = LoggerFactory.getLogger(SegmentRecovery.class);

    /** Index points gathered before they are written while an index is built again. */
    private static final int POINTS_PER_WRITE = 1_024;

    private static final long UNKNOWN = -1;

    private final Path folder;
    private final long startOffset;
    private final LogEnd end;
    private final LogIndex index;
    private final List<Segment> segments = new ArrayList<>();

    private SegmentRecovery(Path folder, long startOffset, LogEnd end, LogIndex index) {
        this.folder = folder;
        this.startOffset = startOffset;
        this.end = end;
        this.index = index;
    }

    /** What is left of a log: its segments, which pass to the caller, and where the last index point is. */
    record Recovered(List<Segment> segments, int lastPointAt) {}

    static Recovered recover(Path folder, long startOffset, LogEnd end, LogIndex index) throws IOException {
        SegmentRecovery recovery = new SegmentRecovery(folder, startOffset, end, index);
        try {
            recovery.openSegments();
            recovery.restoreIndex();
            return new Recovered(recovery.segments, recovery.lastPointOf(recovery.segments.size() - 1));
        } catch (Throwable failure) {
            for (Segment segment : recovery.segments) {
                segment.close();
            }
            throw failure;
        }
    }

    private void openSegments() throws IOException {
        List<Long> bases = baseOffsets();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            if (base > end.activeBase() || endsBeforeStart(base, i + 1 < bases.size() ? bases.get(i + 1) : UNKNOWN)) {
                Files.delete(folder.resolve(Segment.nameOf(base)));
            } else {
                segments.add(Segment.open(folder, base));
            }
        }
        if (segments.isEmpty() || segments.get(segments.size() - 1).baseOffset() != end.activeBase()) {
            if (end.activeBytes() > 0) {
                throw missing(end.activeBase());
            }
            segments.add(Segment.create(folder, end.activeBase()));
        }
        if (segments.get(0).baseOffset() > startOffset) {
            throw missing(startOffset);
        }
        segments.get(segments.size() - 1).cutTo(end.activeBytes());
        DurableFiles.syncFolder(folder);
    }

    /** Whether a segment ends at the log's start or before; {@code nextBase} is UNKNOWN for the last file there is. */
    private boolean endsBeforeStart(long base, long nextBase) {
        long endOffset = nextBase == UNKNOWN || nextBase > end.activeBase() ? end.activeBase() : nextBase;
        return base < end.activeBase() && endOffset <= startOffset;
    }

    private CorruptLog missing(long offset) {
        return new CorruptLog("segment with offset " + offset + " is missing in " + folder + ", whose log begins at "
                + startOffset + " and ends at " + end.endOffset());
    }

    private List<Long> baseOffsets() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Segment::baseOffsetOf)
                    .flatMapToLong(OptionalLong::stream)
                    .sorted()
                    .boxed()
                    .toList();
        }
    }

    private void restoreIndex() throws IOException {
        OptionalLong marked = index.marked();
        if (marked.isEmpty() || marked.getAsLong() < end.endOffset()) {
            rebuildIndex();
            return;
        }
        index.cutTo(end.endOffset(), end.maxTimestamp());
        index.dropBefore(segments.get(0).baseOffset());
        for (int number = 0; number < segments.size(); number++) {
            walk(number, lastPointOf(number), null);
            learnMaxTimestamp(number);
        }
    }

    /** The index tells it where it is larger than all before; else it stays unknown until somebody asks. */
    private void learnMaxTimestamp(int number) throws IOException {
        long before = maxTimestampBefore(segments.get(number).baseOffset());
        boolean last = number + 1 == segments.size();
        long after = last
                ? end.maxTimestamp()
                : maxTimestampBefore(segments.get(number + 1).baseOffset());
        if (before < after) {
            segments.get(number).learnMaxTimestamp(after);
        } else if (segments.get(number).writtenBytes() == 0) {
            segments.get(number).learnMaxTimestamp(IndexPoint.NONE_BEFORE);
        }
    }

    private long maxTimestampBefore(long baseOffset) throws IOException {
        return index.atOrBefore(baseOffset)
                .filter(point -> point.offset() == baseOffset)
                .map(IndexPoint::maxTimestampBefore)
                .orElse(end.maxTimestamp());
    }

    private void rebuildIndex() throws IOException {
        index.clear();
        PointCollector points = new PointCollector();
        for (int number = 0; number < segments.size(); number++) {
            segments.get(number).learnMaxTimestamp(IndexPoint.NONE_BEFORE);
            walk(number, 0, points);
        }
        points.write();
        index.mark(end.endOffset());
        if (end.endOffset() > 0) {
            log.info("rebuilt index folder={} segments={} endOffset={}", folder, segments.size(), end.endOffset());
        }
    }

    private long endOffsetOf(int number) {
        return number + 1 < segments.size() ? segments.get(number + 1).baseOffset() : end.endOffset();
    }

    /** Position of a segment's last index point, 0 if it has none. */
    private int lastPointOf(int number) throws IOException {
        long endOffset = endOffsetOf(number);
        return endOffset == 0
                ? 0
                : index.atOrBefore(endOffset - 1)
                        .filter(point ->
                                point.segmentBase() == segments.get(number).baseOffset())
                        .map(IndexPoint::position)
                        .orElse(0);
    }

    /** Walks a segment's batches from a position to its end, where they must end too. */
    private void walk(int number, int from, @Nullable PointCollector points) throws IOException {
        Segment segment = segments.get(number);
        if (from > segment.writtenBytes()) {
            throw segment.corrupt("it has " + segment.writtenBytes() + " bytes, its index knows a batch at " + from);
        }
        BatchCursor batches = new BatchCursor(segment, from, segment.writtenBytes());
        long expected = from == 0 ? segment.baseOffset() : UNKNOWN;
        for (StoredBatch batch = batches.next(); batch != null; batch = batches.next()) {
            if (expected != UNKNOWN && batch.baseOffset() != expected) {
                throw segment.corrupt("batch at byte " + batch.position() + " begins with offset " + batch.baseOffset()
                        + ", expected " + expected);
            }
            expected = batch.nextOffset();
            if (points != null) {
                points.add(segment, batch);
            }
        }
        if (expected != endOffsetOf(number)) {
            throw segment.corrupt("it ends with offset " + expected + ", expected " + endOffsetOf(number));
        }
    }

    /** Finds a log's index points by the rule by which {@link SegmentWriter} sets them. */
    private final class PointCollector {
        private final List<IndexPoint> points = new ArrayList<>();
        private long maxTimestamp = IndexPoint.NONE_BEFORE;
        private int lastPointAt;

        void add(Segment segment, StoredBatch batch) throws IOException {
            if (SegmentWriter.isIndexed(batch.position(), lastPointAt)) {
                points.add(new IndexPoint(batch.baseOffset(), segment.baseOffset(), batch.position(), maxTimestamp));
                lastPointAt = batch.position();
                if (points.size() == POINTS_PER_WRITE) {
                    write();
                }
            }
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
            segment.include(batch.maxTimestamp());
        }

        void write() throws IOException {
            index.add(points);
            points.clear();
        }
    }
}

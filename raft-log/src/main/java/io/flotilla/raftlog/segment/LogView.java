package io.flotilla.raftlog.segment;

import java.util.ArrayList;
import java.util.List;

/**
 * What readers may see of a log at one moment. Immutable.
 *
 * @param segments    at least one, by base offset; the first ones may lie before the start, until they are deleted
 * @param startOffset first offset that may be read
 */
record LogView(List<Segment> segments, long startOffset, LogEnd end) {
    /** Index of the segment that holds an offset from the log's start to its end. */
    int segmentOf(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Number of segments that end at an offset or before it. The last one never does, since it still grows. */
    int segmentsBefore(long offset) {
        int count = 0;
        while (count + 1 < segments.size() && segments.get(count + 1).baseOffset() <= offset) {
            count++;
        }
        return count;
    }

    LogView with(List<Segment> begun, LogEnd newEnd) {
        if (begun.isEmpty()) {
            return new LogView(segments, startOffset, newEnd);
        }
        List<Segment> more = new ArrayList<>(segments);
        more.addAll(begun);
        return new LogView(List.copyOf(more), startOffset, newEnd);
    }

    LogView from(long newStartOffset) {
        return new LogView(segments, newStartOffset, end);
    }

    LogView withoutFirst(int count) {
        return new LogView(List.copyOf(segments.subList(count, segments.size())), startOffset, end);
    }

    /** One past a segment's last published record. */
    long endOffsetOf(int segment) {
        return segment == segments.size() - 1
                ? end.endOffset()
                : segments.get(segment + 1).baseOffset();
    }

    /** Bytes of a segment that are published. */
    int bytesOf(int segment) {
        return segment == segments.size() - 1
                ? end.activeBytes()
                : segments.get(segment).writtenBytes();
    }
}

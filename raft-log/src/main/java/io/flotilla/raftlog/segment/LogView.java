package io.flotilla.raftlog.segment;

import java.util.List;

/**
 * What readers may see of a log at one moment. Immutable.
 *
 * @param segments at least one, by base offset
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

    /** Bytes of a segment that are published. */
    int bytesOf(int segment) {
        return segment == segments.size() - 1
                ? end.activeBytes()
                : segments.get(segment).writtenBytes();
    }
}

package io.flotilla.raftlog.segment;

import io.flotilla.raftlog.index.IndexPoint;

/**
 * The place behind the last batch of a log, with all that appending the next one depends on.
 *
 * @param endOffset    offset of the next record
 * @param activeBase   base offset of the last segment
 * @param activeBytes  its size in bytes
 * @param maxTimestamp largest timestamp of the log, {@link IndexPoint#NONE_BEFORE} for an empty one
 */
public record LogEnd(long endOffset, long activeBase, int activeBytes, long maxTimestamp) {
    public static final LogEnd EMPTY = new LogEnd(0, 0, 0, IndexPoint.NONE_BEFORE);

    public LogEnd {
        if (activeBase < 0
                || endOffset < activeBase
                || activeBytes < 0
                || (activeBytes == 0) != (endOffset == activeBase)) {
            throw new IllegalArgumentException("no log ends at offset " + endOffset + " with a last segment from "
                    + activeBase + " of " + activeBytes + " bytes");
        }
    }
}

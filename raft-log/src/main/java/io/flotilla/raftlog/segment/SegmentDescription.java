package io.flotilla.raftlog.segment;

import java.util.OptionalLong;

/**
 * One segment of a log, as whoever decides on its deletion sees it.
 *
 * @param baseOffset   offset of its first record
 * @param endOffset    one past its last record
 * @param bytes        size of its file
 * @param maxTimestamp largest timestamp of its records, milliseconds since the epoch; empty while it is not known
 */
public record SegmentDescription(long baseOffset, long endOffset, int bytes, OptionalLong maxTimestamp) {
    public boolean isEmpty() {
        return bytes == 0;
    }
}

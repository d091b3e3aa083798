package io.flotilla.raftlog.index;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of the index that belongs to one log.
 *
 * <p>Threading: lookups on any thread; {@link #add}, {@link #cutTo} and {@link #clear} never at the same time as each
 * other, {@link #dropBefore} beside {@link #add} only.
 */
public interface LogIndex {
    /** Adds points in log order. They are found at once; they survive a crash after the next {@link #mark}. */
    void add(List<IndexPoint> points) throws IOException;

    /** The last point at or before the offset; empty if there is none. */
    Optional<IndexPoint> atOrBefore(long offset) throws IOException;

    /** Base offset of the last point before which every record is older than the timestamp; empty if there is none. */
    OptionalLong lastBeforeTime(long timestampMillis) throws IOException;

    /**
     * Drops the points at or behind an offset.
     *
     * @param maxTimestampBefore largest timestamp of the log before that offset
     */
    void cutTo(long endOffset, long maxTimestampBefore) throws IOException;

    /**
     * Drops the points before an offset, of which nobody asks any more; some of them may stay findable by time.
     *
     * @param startOffset base offset of the first segment left
     */
    void dropBefore(long startOffset) throws IOException;

    /** Makes everything added so far durable and notes that it covers the log up to here. */
    void mark(long endOffset) throws IOException;

    /** What was noted last; empty for a log the index does not know. */
    OptionalLong marked() throws IOException;

    /** Drops the mark and every point. */
    void clear() throws IOException;
}

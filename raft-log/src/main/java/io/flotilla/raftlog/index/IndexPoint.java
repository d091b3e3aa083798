package io.flotilla.raftlog.index;

/**
 * A batch that can be found without reading the log before it.
 *
 * @param offset             base offset of the batch
 * @param segmentBase        base offset of the segment that holds it
 * @param position           its first byte in that segment
 * @param maxTimestampBefore largest timestamp of all batches before it, {@link #NONE_BEFORE} if there are none
 */
public record IndexPoint(long offset, long segmentBase, int position, long maxTimestampBefore) {
    public static final long NONE_BEFORE = Long.MIN_VALUE;
}

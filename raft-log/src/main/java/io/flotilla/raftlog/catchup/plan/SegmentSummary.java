package io.flotilla.raftlog.catchup.plan;

/**
 * The first bytes of a segment, as some replica has them.
 *
 * @param baseOffset offset of its first record, 0 or more
 * @param bytes      how many, 1 or more
 * @param crc        CRC-32C of exactly those bytes
 */
public record SegmentSummary(long baseOffset, int bytes, int crc) {
    public SegmentSummary {
        if (baseOffset < 0 || bytes < 1) {
            throw new IllegalArgumentException("no segment begins at offset " + baseOffset + " with " + bytes
                    + " bytes; offsets start at 0 and a segment has 1 byte or more");
        }
    }
}

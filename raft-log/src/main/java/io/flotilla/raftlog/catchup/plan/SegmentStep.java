package io.flotilla.raftlog.catchup.plan;

/**
 * What becomes of one segment.
 *
 * @param reusedBytes bytes of the local file that are taken over, from its beginning
 * @param bytes       size it shall have, 0 to delete it
 * @param crc         CRC-32C it shall have
 */
public record SegmentStep(Action action, long baseOffset, int reusedBytes, int bytes, int crc) {
    /** What is done with a local file. */
    public enum Action {
        /** It is what is wanted. */
        KEEP,
        /** Its beginning is, or can be; the rest is fetched. With nothing to fetch it is only cut. */
        EXTEND,
        /** There is none, or it differs: all is fetched. */
        FETCH,
        /** It is wanted no more. */
        DELETE
    }

    static SegmentStep keep(SegmentSummary wanted) {
        return new SegmentStep(Action.KEEP, wanted.baseOffset(), wanted.bytes(), wanted.bytes(), wanted.crc());
    }

    static SegmentStep extend(SegmentSummary wanted, int reusedBytes) {
        return new SegmentStep(Action.EXTEND, wanted.baseOffset(), reusedBytes, wanted.bytes(), wanted.crc());
    }

    static SegmentStep fetch(SegmentSummary wanted) {
        return new SegmentStep(Action.FETCH, wanted.baseOffset(), 0, wanted.bytes(), wanted.crc());
    }

    static SegmentStep delete(LocalSegment local) {
        return new SegmentStep(Action.DELETE, local.baseOffset(), 0, 0, 0);
    }

    /** This step once the local beginning proved to be another one. */
    public SegmentStep whole() {
        return new SegmentStep(Action.FETCH, baseOffset, 0, bytes, crc);
    }

    public int bytesToFetch() {
        return bytes - reusedBytes;
    }
}

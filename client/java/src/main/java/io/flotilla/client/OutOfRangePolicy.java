package io.flotilla.client;

/** What a consumer does when its next offset is no longer, or not yet, in the partition. */
public enum OutOfRangePolicy {
    /** {@link Consumer#poll} throws {@code OffsetOutOfRange}: nothing is skipped unnoticed. */
    FAIL,
    /** Go on at the first record still readable; a gap is logged as a warning. */
    EARLIEST,
    /** Go on behind the last committed record; a gap is logged as a warning. */
    LATEST
}

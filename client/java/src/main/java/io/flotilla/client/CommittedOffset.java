package io.flotilla.client;

import java.util.OptionalInt;

/**
 * How far a group has processed a partition.
 *
 * @param offset      offset of the next record to process: one past the last that was; 0 or more
 * @param leaderEpoch of the last record processed; empty if not known
 * @param metadata    whatever the application wants to find there again; the broker says how long it may be, 4,096 bytes of
 *     UTF-8 unless set otherwise
 */
public record CommittedOffset(long offset, OptionalInt leaderEpoch, String metadata) {
    public CommittedOffset {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
    }

    /** Without leader epoch and metadata. */
    public static CommittedOffset of(long offset) {
        return new CommittedOffset(offset, OptionalInt.empty(), "");
    }

    public CommittedOffset withMetadata(String newMetadata) {
        return new CommittedOffset(offset, leaderEpoch, newMetadata);
    }
}

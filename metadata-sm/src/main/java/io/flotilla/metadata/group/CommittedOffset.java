package io.flotilla.metadata.group;

/**
 * How far a group has processed a partition.
 *
 * @param offset      of the next record to process, 0 or more
 * @param leaderEpoch of the last record processed; {@link #UNKNOWN_EPOCH} if the committer did not tell
 * @param metadata    whatever the committer wants to find there again
 * @param atMillis    wall clock of the proposer, milliseconds since the epoch
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata, long atMillis) {
    public static final int UNKNOWN_EPOCH = -1;
}

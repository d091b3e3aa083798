package io.flotilla.raftlog.partition.rules;

/**
 * A batch that a numbered producer appended, remembered to recognise it when it comes again.
 *
 * @param baseSequence     sequence of its first record, 0 to 2^31 - 1
 * @param offsetCount      offsets, and so sequence numbers, it took
 * @param baseOffset       offset of its first record
 * @param leaderEpoch      epoch of the leader that appended it
 * @param appendTimeMillis wall clock of that leader, milliseconds since the epoch
 */
public record AppendedBatch(
        int baseSequence, int offsetCount, long baseOffset, int leaderEpoch, long appendTimeMillis) {
    public long lastOffset() {
        return baseOffset + offsetCount - 1;
    }

    /** The sequence that follows; 2^31 - 1 is followed by 0. */
    int nextSequence() {
        return (baseSequence + offsetCount) & Integer.MAX_VALUE;
    }
}

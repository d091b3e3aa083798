package io.flotilla.raftlog.partition;

/**
 * Where an acknowledged batch stands.
 *
 * @param baseOffset       offset of its first record
 * @param lastOffset       offset of its last record
 * @param leaderEpoch      epoch of the leader that appended it
 * @param duplicate        the batch had been appended before; the offsets are those it got then
 * @param appendTimeMillis wall clock of the leader at the proposal, milliseconds since the epoch
 */
public record AppendResult(
        long baseOffset, long lastOffset, int leaderEpoch, boolean duplicate, long appendTimeMillis) {}

package io.flotilla.raftlog.partition.rules;

/**
 * Where a leader epoch began.
 *
 * @param epoch       the Raft term, as clients know it
 * @param startOffset offset of the first record that was appended under it
 */
public record EpochStart(int epoch, long startOffset) {}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.LogPosition;

/**
 * What a member knows it has remembered: a lower bound for what its files of term, vote, peers and log must hold at the
 * next start.
 *
 * @param term             newest term written down
 * @param votedFor         whom it voted for in that term, empty for nobody
 * @param flushed          newest entry known to be synced to its log, {@link LogPosition#NONE} for none
 * @param configuration    position of the newest peers written down, {@link LogPosition#NONE} for none; the founders'
 *                         stand at term 0
 * @param configurationCrc CRC-32C of their file
 * @param base             where the member began without a log, {@link LogPosition#NONE} for the beginning: entries up
 *                         to it are in its state only
 */
record MemberGuard(
        long term,
        String votedFor,
        LogPosition flushed,
        LogPosition configuration,
        int configurationCrc,
        LogPosition base) {
    /** Of a member that remembers nothing. */
    static MemberGuard startingAt(LogPosition base) {
        return new MemberGuard(0, "", LogPosition.NONE, LogPosition.NONE, 0, base);
    }
}

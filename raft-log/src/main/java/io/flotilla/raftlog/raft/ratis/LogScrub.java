package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongPredicate;

/** Reads the closed files of a log in use; the open one is on the heap, and is checked at the next start. */
final class LogScrub {
    private LogScrub() {}

    /**
     * @param current         where the log's files are
     * @param mayBeTruncating whether entries up to an index may be leaving the log just now
     * @throws DamagedMember if a closed file does not hold what its name tells
     */
    static void verify(GroupId group, Path current, int entryBytesMax, LongPredicate mayBeTruncating)
            throws IOException {
        for (LogFile file : LogFile.in(current)) {
            if (file.isOpen() || LogContent.isWhole(group, file, entryBytesMax)) {
                continue;
            }
            // It may have been purged or cut back while it was read. That is announced first, so it is asked last.
            if (Files.exists(file.path()) && !mayBeTruncating.test(file.last())) {
                throw new DamagedMember("the file " + file.path() + " of the Raft log of group " + group
                        + " is damaged: entries in it cannot be read any more. This member stops, since it could not"
                        + " give them to others nor find them again at its next start");
            }
        }
    }
}

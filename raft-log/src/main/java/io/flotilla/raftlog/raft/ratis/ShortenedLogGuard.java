package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;

/**
 * Refuses to start a member whose Raft log lacks entries that its state proves it had.
 *
 * <p>Ratis takes a log that was cut short for one whose last write was torn by a crash, and lets the member vote with
 * it; a majority of such logs loses acknowledged entries without a word. An entry is applied only after it was fsynced
 * here, and purging keeps the checkpoint's entry ({@link PurgeLimit}), so a log that was only ever torn reaches the
 * checkpoint and has no gap before it. What was lost behind the checkpoint is not seen by this.
 */
final class ShortenedLogGuard {
    private final SizeInBytes entryBytesMax;

    ShortenedLogGuard(int entryBytesMax) {
        this.entryBytesMax = SizeInBytes.valueOf(entryBytesMax);
    }

    /**
     * @param folder  the group's folder; the log in it is not open
     * @param durable position up to which the state holds all effects
     * @throws IOException if the log and the state do not fit
     */
    void check(GroupId group, Path folder, LogPosition durable) throws IOException {
        List<LogFile> files = LogFile.in(GroupFolders.current(folder));
        if (files.isEmpty()) {
            if (!durable.isNone()) {
                throw refusal(group, "has no entries at all", durable);
            }
            return;
        }
        long first = files.get(0).first();
        if (first > durable.index() + 1) {
            throw refusal(group, "begins at index " + first, durable);
        }
        for (int i = 1; i < files.size(); i++) {
            LogFile before = files.get(i - 1);
            if (before.isOpen() || before.last() + 1 != files.get(i).first()) {
                throw refusal(group, "has a gap after " + before.path().getFileName(), durable);
            }
        }
        LogFile newest = files.get(files.size() - 1);
        long last = newest.first() - 1 + readableEntries(group, newest, durable);
        if (last < durable.index()) {
            throw refusal(group, "ends at index " + last, durable);
        }
    }

    private int readableEntries(GroupId group, LogFile file, LogPosition durable) throws IOException {
        LogSegmentPath segment = LogSegmentPath.matchLogSegment(file.path());
        if (segment == null) {
            // Empty: a crash came between its creation and its first bytes.
            return 0;
        }
        Conflict conflict = new Conflict(durable);
        int count = LogSegment.readSegmentFile(
                file.path().toFile(),
                segment.getStartEnd(),
                entryBytesMax,
                CorruptionPolicy.WARN_AND_RETURN,
                null,
                conflict::check);
        if (conflict.term >= 0) {
            throw refusal(group, "holds index " + durable.index() + " with term " + conflict.term, durable);
        }
        return count;
    }

    /** Looks for another entry where the checkpoint's should be. */
    private static final class Conflict {
        private final LogPosition durable;
        private long term = -1;

        Conflict(LogPosition durable) {
            this.durable = durable;
        }

        void check(LogEntryProto entry) {
            if (entry.getIndex() == durable.index() && entry.getTerm() != durable.term()) {
                term = entry.getTerm();
            }
        }
    }

    private static IOException refusal(GroupId group, String found, LogPosition durable) {
        return new IOException(
                "the Raft log of group " + group + " " + found + ", but its state is durable up to index "
                        + durable.index() + " of term " + durable.term()
                        + ": entries were lost or the folders do not belong together. This member stays closed, since it"
                        + " could vote for a history without acknowledged entries. Replace it by a new replica, or restore"
                        + " the log's files");
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to start a member whose Raft log lacks entries that its state proves it had.
 *
 * <p>Ratis takes a log that was cut short for one whose last write was torn by a crash, and lets the member vote with
 * it; a majority of such logs loses acknowledged entries without a word. An entry is applied only after it was fsynced
 * here, and purging keeps the checkpoint's entry ({@link PurgeLimit}), so a log that was only ever torn reaches the
 * checkpoint and has no gap before it. What was lost behind the checkpoint is not seen by this.
 */
final class ShortenedLogGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ShortenedLogGuard.class);

    private final SizeInBytes entryBytesMax;

    ShortenedLogGuard(int entryBytesMax) {
        this.entryBytesMax = SizeInBytes.valueOf(entryBytesMax);
    }

    /**
     * @param folder  the group's folder; the log in it is not open
     * @param durable position up to which the state holds all effects
     * @param fetched whether the state came to that position by {@link io.flotilla.raftlog.raft.CatchUp}, not by this log
     * @return newest term of which the log or the state has an entry
     * @throws IOException if the log and the state do not fit
     */
    long check(GroupId group, Path folder, LogPosition durable, boolean fetched) throws IOException {
        Path current = GroupFolders.current(folder);
        if (fetched) {
            dropSuperseded(group, current, durable);
        }
        List<LogFile> files = LogFile.in(current);
        if (files.isEmpty()) {
            if (!durable.isNone() && !fetched) {
                throw refusal(group, "has no entries at all", durable);
            }
            return durable.term();
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
        Conflict conflict = new Conflict(durable);
        long last = lastReadable(files, conflict);
        if (conflict.term >= 0) {
            throw refusal(group, "holds index " + durable.index() + " with term " + conflict.term, durable);
        }
        if (last < durable.index()) {
            throw refusal(group, "ends at index " + last, durable);
        }
        return Math.max(durable.term(), conflict.newestTerm);
    }

    /**
     * Deletes a log that ends before the fetched position, or goes another way there: a crash came before Ratis did so.
     * All entries up to that position are committed and in the state, so whatever this log holds besides was not.
     */
    private void dropSuperseded(GroupId group, Path current, LogPosition durable) throws IOException {
        List<LogFile> files = LogFile.in(current);
        if (files.isEmpty()) {
            return;
        }
        Conflict conflict = new Conflict(durable);
        long last = lastReadable(files, conflict);
        if (last >= durable.index() && conflict.term < 0) {
            return;
        }
        for (LogFile file : files) {
            Files.delete(file.path());
        }
        DurableFiles.syncFolder(current);
        LOG.warn(
                "deleted a Raft log that the fetched state has overtaken group={} logEnd={} fetched={}",
                group,
                last,
                durable);
    }

    private long lastReadable(List<LogFile> files, Conflict conflict) throws IOException {
        LogFile newest = files.get(files.size() - 1);
        return newest.first() - 1 + readableEntries(newest, conflict);
    }

    private int readableEntries(LogFile file, Conflict conflict) throws IOException {
        LogSegmentPath segment = LogSegmentPath.matchLogSegment(file.path());
        if (segment == null) {
            // Empty: a crash came between its creation and its first bytes.
            return 0;
        }
        return LogSegment.readSegmentFile(
                file.path().toFile(),
                segment.getStartEnd(),
                entryBytesMax,
                CorruptionPolicy.WARN_AND_RETURN,
                null,
                conflict::check);
    }

    /** Looks for another entry where the checkpoint's should be, and for the newest term. */
    private static final class Conflict {
        private final LogPosition durable;
        private long term = -1;
        private long newestTerm;

        Conflict(LogPosition durable) {
            this.durable = durable;
        }

        void check(LogEntryProto entry) {
            newestTerm = Math.max(newestTerm, entry.getTerm());
            if (entry.getIndex() == durable.index() && entry.getTerm() != durable.term()) {
                term = entry.getTerm();
            }
        }
    }

    private static DamagedMember refusal(GroupId group, String found, LogPosition durable) {
        return new DamagedMember(
                "the Raft log of group " + group + " " + found + ", but its state is durable up to index "
                        + durable.index() + " of term " + durable.term()
                        + ": entries were lost or the folders do not belong together. This member stays closed, since it"
                        + " could vote for a history without acknowledged entries. Replace it by a new replica, or restore"
                        + " the log's files");
    }
}

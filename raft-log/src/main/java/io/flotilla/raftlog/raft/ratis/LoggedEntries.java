package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.RaftSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/** Reads the log of a group that is not open, for whoever judges from outside what a cluster has done. */
public final class LoggedEntries {
    private LoggedEntries() {}

    /**
     * One entry of a log; that it is there does not say that it is committed.
     *
     * @param proposal what was proposed; empty for an entry of Raft's own
     */
    public record Entry(LogPosition position, Optional<ByteBuffer> proposal) {}

    /** The folder of a group's log below the one in which a broker keeps the files of all its groups. */
    public static Path folderOf(Path raftDirectory, GroupId group) {
        return GroupFolders.current(raftDirectory.resolve(group.toString()));
    }

    /**
     * All entries in the order of their indices, without a gap. What a crash left of a last write ends the reading. The
     * group's largest entry is taken to be the default one.
     *
     * @param folder that holds the log's files, those of an open log or copies of them
     * @throws DamagedMember if the files do not follow each other, a closed one is not whole, an open one has whole entries
     *     behind one that is not, or they are of another group
     * @throws IOException   if a file cannot be read
     */
    public static List<Entry> in(GroupId group, Path folder) throws IOException {
        int entryBytesMax = RatisProfile.appendBytesMax(RaftSettings.in(folder));
        List<LogFile> files =
                LogContent.read(group, folder, entryBytesMax, Set.of()).files();
        List<Entry> entries = new ArrayList<>();
        for (LogFile file : files) {
            byte[] bytes = Files.readAllBytes(file.path());
            int end = LogFileReader.read(group, bytes, entryBytesMax, (term, index, in, offset, length, foreign) -> {
                entries.add(entryOf(in, offset, length));
                return true;
            });
            int more = LogFileReader.nextEntry(bytes, end, entryBytesMax);
            if (more >= 0) {
                throw new DamagedMember("the file " + file.path() + " of the Raft log of group " + group
                        + " is damaged at byte " + end
                        + ": that is no crash's work, since a whole entry follows at byte "
                        + more);
            }
        }
        return List.copyOf(entries);
    }

    private static Entry entryOf(byte[] bytes, int offset, int length) throws IOException {
        LogEntryProto entry = LogEntryProto.parser().parseFrom(bytes, offset, length);
        Optional<ByteBuffer> proposal = entry.hasStateMachineLogEntry()
                ? Optional.of(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer())
                : Optional.empty();
        return new Entry(new LogPosition(entry.getTerm(), entry.getIndex()), proposal);
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What is in the Raft log of a group that is not open, every byte read. Ratis loads a file as far as it can read it, and
 * cuts the rest off; so whatever is missing before the end of the newest file has to be found before.
 */
final class LogContent {
    static final LogContent NONE = new LogContent(List.of(), Set.of());

    private final List<LogFile> files;
    private final Set<Long> wanted;
    private final Map<Long, Long> terms = new HashMap<>();
    private final Map<Long, Integer> checksums = new HashMap<>();
    private LogPosition last = LogPosition.NONE;

    private LogContent(List<LogFile> files, Set<Long> wanted) {
        this.files = files;
        this.wanted = wanted;
    }

    /**
     * @param current where the log's files are
     * @param wanted  indices about which more will be asked
     * @throws DamagedMember if entries are missing before the end of the newest file, or are no log of one group
     */
    static LogContent read(GroupId group, Path current, int entryBytesMax, Set<Long> wanted) throws IOException {
        LogContent content = new LogContent(LogFile.in(current), wanted);
        LogFile before = null;
        for (LogFile file : content.files) {
            if (before != null && (before.isOpen() || before.last() + 1 != file.first())) {
                throw damaged(group, "has a gap after " + before.path().getFileName());
            }
            if (content.last.isNone()) {
                content.last = new LogPosition(0, file.first() - 1);
            }
            content.readFile(group, file, entryBytesMax);
            before = file;
        }
        return content;
    }

    private void readFile(GroupId group, LogFile file, int entryBytesMax) throws IOException {
        boolean[] strange = new boolean[1];
        boolean[] ofOthers = new boolean[1];
        LogFileReader.read(group, file.path(), entryBytesMax, (term, index, bytes, offset, length, foreign) -> {
            ofOthers[0] = foreign;
            strange[0] = index != last.index() + 1 || term < last.term() || term <= 0;
            if (strange[0] || foreign) {
                return false;
            }
            last = new LogPosition(term, index);
            if (wanted.contains(index)) {
                terms.put(index, term);
                CRC32C checksum = new CRC32C();
                checksum.update(bytes, offset, length);
                checksums.put(index, (int) checksum.getValue());
            }
            return file.isOpen() || index < file.last();
        });
        if (ofOthers[0]) {
            throw damaged(
                    group, "holds entries of another group in " + file.path().getFileName());
        }
        if (strange[0]) {
            throw damaged(group, "holds entries in " + file.path().getFileName() + " that do not follow " + last);
        }
        if (!file.isOpen() && last.index() != file.last()) {
            throw damaged(
                    group,
                    "ends at index " + last.index() + " within " + file.path().getFileName());
        }
    }

    /**
     * Reads one closed file of a log that may be in use.
     *
     * @return whether all its entries are there, and the group's; so it is for one that is gone
     */
    static boolean isWhole(GroupId group, LogFile file, int entryBytesMax) throws IOException {
        long[] next = {file.first()};
        try {
            LogFileReader.read(group, file.path(), entryBytesMax, (term, index, bytes, offset, length, foreign) -> {
                boolean follows = index == next[0] && !foreign;
                next[0] += follows ? 1 : 0;
                return follows && index < file.last();
            });
        } catch (NoSuchFileException purged) {
            return true;
        }
        return next[0] == file.last() + 1;
    }

    List<LogFile> files() {
        return files;
    }

    /** Position of the last entry; without any, term 0 and the index before the first file's. */
    LogPosition last() {
        return last;
    }

    /** Term of a wanted entry; empty if the log does not hold it. */
    OptionalLong termAt(long index) {
        Long term = terms.get(index);
        return term == null ? OptionalLong.empty() : OptionalLong.of(term);
    }

    /** CRC-32C of a wanted entry; empty if the log does not hold it. */
    OptionalInt checksumAt(long index) {
        Integer checksum = checksums.get(index);
        return checksum == null ? OptionalInt.empty() : OptionalInt.of(checksum);
    }

    private static DamagedMember damaged(GroupId group, String found) {
        return new DamagedMember("the Raft log of group " + group + " " + found
                + ": entries were lost or changed on the disk, and this member may have acknowledged them. It stays"
                + " closed, since it could vote for a history without them");
    }
}

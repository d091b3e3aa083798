package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a member that comes back with nothing to remember. It begins with a mark, and is not opened at a start
 * until the mark is gone: nobody would know whether the group's leader counts the member as a voter, and from which of
 * its memories on.
 */
final class Rejoining {
    private static final String MARK = "rejoining";

    /** For a person who finds the file; nothing reads it. */
    private static final String EXPLANATION = "This member of a Raft group is coming back without its log and vote.\n";

    private Rejoining() {}

    static boolean isUnderWay(Path folder) {
        return Files.exists(folder.resolve(MARK));
    }

    /** Puts away what is left of the group's files and makes its folder anew, marked. */
    static void begin(GroupFolders folders, GroupId group) throws IOException {
        Path folder = folders.of(group);
        if (isUnderWay(folder)) {
            // From an earlier try. It was never trusted, and could fill the disk if each try kept one.
            folders.deleteAtOnce(group);
        }
        folders.setAside(group);
        DurableFiles.createFolder(folder);
        DurableFiles.replace(folder.resolve(MARK), ByteBuffer.wrap(EXPLANATION.getBytes(StandardCharsets.UTF_8)));
    }

    /** From now on the folder is opened at a start. */
    static void end(Path folder) throws IOException {
        GroupFolders.syncNew(folder);
        Files.deleteIfExists(folder.resolve(MARK));
        DurableFiles.syncFolder(folder);
    }

    static void refuseUnfinished(GroupId group, Path folder) throws DamagedMember {
        if (isUnderWay(folder)) {
            throw new DamagedMember("the member of group " + group
                    + " was coming back when the process ended, and it is not known whether it is a voter again."
                    + " It stays closed until it comes back anew");
        }
    }
}

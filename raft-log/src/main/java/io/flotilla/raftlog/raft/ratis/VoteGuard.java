package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.DamagedMember;
import io.flotilla.raftlog.raft.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * Refuses to start a member whose files of term and vote, or of peers, cannot be what they were. Ratis writes both
 * without a checksum, takes an older term for the truth, and goes on without peers when it cannot read theirs.
 *
 * <p>A member has a term written down before it appends an entry of that term, so its log never knows a newer one. A
 * damaged vote of a term of which there is no entry yet is not seen by this.
 */
final class VoteGuard {
    private VoteGuard() {}

    /**
     * @param folder     the group's folder
     * @param newestTerm newest term of which its log or its state has an entry, 0 for none
     * @throws IOException if the files do not fit
     */
    static void check(GroupId group, Path folder, long newestTerm) throws IOException {
        long term = GroupFolders.term(folder);
        if (term < newestTerm) {
            throw new DamagedMember(
                    "the vote of group " + group + " is of term " + term + ", but its log has entries of term "
                            + newestTerm + ": the file " + GroupFolders.metaFile(folder)
                            + " is damaged or older than the log. This member stays closed, since it could vote twice. Replace it"
                            + " by a new replica, or restore the file");
        }
        Path peers = GroupFolders.configurationFile(folder);
        if (Files.exists(peers) && !namesPeers(peers)) {
            throw new DamagedMember(
                    "the peers of group " + group + " in " + peers + " cannot be read: the file is damaged."
                            + " This member stays closed. Replace it by a new replica, or restore the file");
        }
    }

    private static boolean namesPeers(Path file) throws IOException {
        try {
            LogEntryProto entry = LogEntryProto.parseFrom(Files.readAllBytes(file));
            return entry.hasConfigurationEntry()
                    && entry.getConfigurationEntry().getPeersCount() > 0
                    && entry.getConfigurationEntry().getPeersList().stream()
                            .noneMatch(peer ->
                                    peer.getId().isEmpty() || peer.getAddress().isEmpty());
        } catch (InvalidProtocolBufferException damaged) {
            return false;
        }
    }
}

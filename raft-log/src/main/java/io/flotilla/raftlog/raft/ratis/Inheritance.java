package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.ReplicatedState;
import io.flotilla.raftlog.segment.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the Raft files of a group that goes on with what one member of another has: its whole log is applied to the
 * state, and the new group's log begins behind that, as the log of a member does that came back without its own. So no
 * entry of the former group, and no configuration that names its other members, is in the new one's log.
 *
 * <p>Each step may be done again from its beginning; the new files appear under their name at once.
 */
final class Inheritance {
    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);

    private static final String UNFINISHED = ".founding";

    private final GroupFolders folders;
    private final int entryBytesMax;

    Inheritance(GroupFolders folders, int entryBytesMax) {
        this.folders = folders;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * @param states  makes the group's state; called for each opening
     * @param termMin the first leader has a higher term
     * @throws IOException if the files of the former member cannot be read, or the state does not open
     */
    void found(GroupId lost, GroupId heir, Peer self, Supplier<ReplicatedState> states, long termMin)
            throws IOException {
        if (!folders.exists(heir)) {
            Path legacy = folders.closed(lost)
                    .orElseThrow(() -> new IOException("group " + lost + " has left no files in " + folders.directory()
                            + " or its quarantine from which group " + heir + " could go on"));
            LogPosition end = applyRest(lost, legacy, states);
            long voted = VoteFile.read(GroupFolders.metaFile(legacy))
                    .map(VoteFile::term)
                    .orElse(0L);
            warnOfLoss(lost, legacy, end);
            write(heir, self, end, Math.max(termMin, Math.max(voted, end.term())));
            LOG.warn("group {} goes on from what this member of group {} had, up to {}", heir, lost, end);
        }
        folders.setAside(lost);
    }

    /** Returns the position up to which the state holds everything durably, which is the log's end. */
    private LogPosition applyRest(GroupId lost, Path legacy, Supplier<ReplicatedState> states) throws IOException {
        LogPosition reached = LogPosition.NONE;
        try (ReplicatedState state = states.get()) {
            reached = InheritedLog.apply(lost, GroupFolders.current(legacy), entryBytesMax, state.open(), state);
        }
        try (ReplicatedState state = states.get()) {
            LogPosition durable = state.open();
            if (!durable.equals(reached)) {
                throw new IOException("the state of group " + lost + " is durable up to " + durable
                        + ", though it has applied its log up to " + reached);
            }
            return durable;
        }
    }

    private static void warnOfLoss(GroupId lost, Path legacy, LogPosition end) throws IOException {
        Optional<LogPosition> flushed = MemberGuardFile.read(lost, legacy).map(MemberGuard::flushed);
        if (flushed.isPresent() && flushed.get().index() > end.index()) {
            LOG.error(
                    "the log of group {} could be read up to {} only, though it was synced up to {}: what is behind is"
                            + " lost",
                    lost,
                    end,
                    flushed.get());
        }
    }

    private void write(GroupId heir, Peer self, LogPosition base, long term) throws IOException {
        Path unfinished = folders.directory().resolve(heir + UNFINISHED);
        DurableFiles.deleteFolder(unfinished); // what an earlier crash left
        DurableFiles.createFolder(GroupFolders.current(unfinished));
        String vote = "term=" + term + "\nvotedFor=\n";
        DurableFiles.replace(
                GroupFolders.metaFile(unfinished), ByteBuffer.wrap(vote.getBytes(StandardCharsets.ISO_8859_1)));
        LogEntryProto peers = LogEntryProto.newBuilder()
                .setConfigurationEntry(RaftConfigurationProto.newBuilder()
                        .addPeers(RatisPeers.theirs(self).getRaftPeerProto()))
                .build();
        DurableFiles.replace(GroupFolders.configurationFile(unfinished), ByteBuffer.wrap(peers.toByteArray()));
        try (MemberGuardFile guard = MemberGuardFile.open(heir, unfinished)) {
            guard.write(new MemberGuard(term, "", LogPosition.NONE, LogPosition.NONE, 0, base));
            guard.sync();
        }
        DurableFiles.syncFolder(unfinished);
        Files.move(unfinished, folders.of(heir), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncFolder(folders.directory());
    }
}

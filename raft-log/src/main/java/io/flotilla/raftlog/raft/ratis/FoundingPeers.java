package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageImpl;

/**
 * Writes the peers of a new group where Ratis keeps the newest committed configuration, begins the member's guard, and
 * makes all of the group's first files durable.
 *
 * <p>Ratis itself does so only once a leader's first entry is applied. If all members stopped before that, none would
 * know its peers after the restart, and the group would wait for a leader for ever.
 */
final class FoundingPeers {
    /** The index at which the first leader will write the very same peers; Ratis takes none before it. */
    private static final long INDEX = 0;

    private FoundingPeers() {}

    static void keep(GroupId group, RaftStorage storage, List<Peer> peers) throws IOException {
        RaftConfigurationProto.Builder configuration = RaftConfigurationProto.newBuilder();
        peers.forEach(peer -> configuration.addPeers(RatisPeers.theirs(peer).getRaftPeerProto()));
        // Atomic and synced; Ratis only logs a failure.
        ((RaftStorageImpl) storage)
                .writeRaftConfiguration(LogEntryProto.newBuilder()
                        .setIndex(INDEX)
                        .setConfigurationEntry(configuration)
                        .build());
        if (((RaftStorageImpl) storage).readRaftConfiguration() == null) {
            throw new IOException("the peers of a new group could not be written to " + storage.getStorageDir());
        }
        Path folder = storage.getStorageDir().getRoot().toPath();
        try (MemberGuardFile guard = MemberGuardFile.open(group, folder)) {
            guard.write(MemberGuard.startingAt(LogPosition.NONE));
            guard.sync();
        }
        GroupFolders.syncNew(folder);
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that term and vote survive a power loss before anybody hears of them. Ratis writes them to a new file,
 * syncs that and renames it, but never syncs the folder: after a power loss the old file can be back, and the member
 * votes again in a term in which it has voted.
 *
 * <p>So the folder is synced before a message leaves that tells of a change: once for each change. A failed sync is
 * not tried again: the kernel may have dropped what it could not write.
 *
 * <p>Threading: safe for all threads; blocks for a sync of the disk when there is a change.
 */
final class DurableVotes {
    /** @param metadata term and vote whose folder was synced; null if a sync failed */
    private record Known(@Nullable RaftStorageMetadata metadata) {}

    /** Syncs a folder; replaced in tests. */
    @FunctionalInterface
    interface FolderSync {
        void sync(Path folder) throws IOException;
    }

    private final FolderSync folders;
    private final Map<UUID, Known> durable = new ConcurrentHashMap<>();

    DurableVotes() {
        this(DurableVotes::sync);
    }

    DurableVotes(FolderSync folders) {
        this.folders = folders;
    }

    /**
     * Returns once the term and vote of a group's member are on the disk.
     *
     * @throws IOException if that cannot be told: then no message may leave
     */
    void ensure(RaftServer.Division member) throws IOException {
        UUID group = member.getMemberId().getGroupId().getUuid();
        RaftStorageMetadata now = member.getRaftStorage().getMetadataFile().getMetadata();
        Known known = durable.get(group);
        if (known != null && now.equals(known.metadata())) {
            return;
        }
        if (known != null && known.metadata() == null) {
            throw new IOException("the vote of group " + group + " could not be made durable before");
        }
        Path folder = member.getRaftStorage().getStorageDir().getCurrentDir().toPath();
        try {
            folders.sync(folder);
        } catch (IOException failure) {
            durable.put(group, new Known(null));
            // The group's owner stops the member, as for any failure of its log.
            member.getStateMachine().event().notifyLogFailed(failure, null);
            throw failure;
        }
        // An older value can win a race here: then the folder is synced once more than needed.
        durable.put(group, new Known(now));
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

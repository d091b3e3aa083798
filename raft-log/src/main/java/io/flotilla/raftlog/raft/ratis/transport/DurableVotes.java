package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
 * <p>Threading: safe for all threads; blocks for a sync of the disk when there is a change. Ratis interrupts those who
 * ask for votes, and an interrupt in the middle of a sync hides whether that failed; so threads of its own do it.
 */
public final class DurableVotes implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 5;

    /** @param metadata term and vote whose folder was synced; null if a sync failed */
    private record Known(@Nullable RaftStorageMetadata metadata) {}

    /** Syncs a folder; replaced in tests. */
    @FunctionalInterface
    public interface FolderSync {
        void sync(Path folder) throws IOException;
    }

    private final FolderSync folders;
    private final ThreadPoolExecutor threads;
    private final Map<UUID, Known> durable = new ConcurrentHashMap<>();

    /** @param name of its threads, which end when there is nothing to do */
    public DurableVotes(String name) {
        this(name, DurableVotes::sync);
    }

    public DurableVotes(String name, FolderSync folders) {
        this.folders = folders;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.named(name));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns once the term and vote of a group's member are on the disk.
     *
     * @throws IOException if that cannot be told, or the thread was interrupted: then no message may leave
     */
    public void ensure(RaftServer.Division member) throws IOException {
        UUID group = member.getMemberId().getGroupId().getUuid();
        RaftStorageMetadata now = member.getRaftStorage().getMetadataFile().getMetadata();
        Known known = durable.get(group);
        if (known != null && now.equals(known.metadata())) {
            return;
        }
        if (known != null && known.metadata() == null) {
            throw new IOException("the vote of group " + group + " could not be made durable before");
        }
        try {
            await(threads.submit(() -> makeDurable(member, group, now)));
        } catch (RejectedExecutionException closed) {
            throw new IOException("the transport is closed", closed);
        }
    }

    private @Nullable Void makeDurable(RaftServer.Division member, UUID group, RaftStorageMetadata metadata)
            throws IOException {
        try {
            folders.sync(member.getRaftStorage().getStorageDir().getCurrentDir().toPath());
        } catch (IOException failure) {
            durable.put(group, new Known(null));
            // The group's owner stops the member, as for any failure of its log.
            member.getStateMachine().event().notifyLogFailed(failure, null);
            throw failure;
        }
        // An older value can win a race here: then the folder is synced once more than needed. A failure stays.
        durable.merge(group, new Known(metadata), (before, after) -> before.metadata() == null ? before : after);
        return null;
    }

    private static void await(Future<?> synced) throws IOException {
        try {
            synced.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before the vote was durable");
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Lets what runs end: an interrupted sync would look like a failed one. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            boolean unused = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

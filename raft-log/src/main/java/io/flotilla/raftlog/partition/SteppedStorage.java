package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.index.LogIndex;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.LogEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A broker's partition storage by itself, without Raft groups, threads and clock: {@link PartitionHost} as a simulation
 * drives it, call by call, on any file system and with any index.
 *
 * <p>Threading: confined to one thread.
 */
public final class SteppedStorage {
    private final ReplicaFolders folders;

    private SteppedStorage(ReplicaFolders folders) {
        this.folders = folders;
    }

    /** Opens the folder of all replicas and clears away what a crash left of unfinished ones. */
    public static SteppedStorage open(Path root) throws IOException {
        return new SteppedStorage(ReplicaFolders.open(root));
    }

    public List<PartitionId> replicas() throws IOException {
        return folders.replicas();
    }

    /** Makes a replica that has applied nothing. */
    public void create(PartitionId id, PartitionSettings settings, LogIndex index) throws IOException {
        index.clear();
        folders.create(id, 0, settings);
    }

    /** Notes that the replica's Raft group exists. */
    public void markJoined(PartitionId id) throws IOException {
        folders.markJoined(id);
    }

    /** Whether the replica has forgotten how it voted if its Raft group's files are missing. */
    public boolean hasJoined(PartitionId id) {
        return folders.hasJoined(id);
    }

    /** From now on the replica is gone, whenever its files follow. */
    public void markDeleted(PartitionId id) throws IOException {
        folders.markDeleted(id);
    }

    /** Deletes the files of a replica that is marked as deleted and closed. */
    public void delete(PartitionId id, LogIndex index) throws IOException {
        folders.delete(id);
        index.clear();
    }

    /** What a replica's checkpoint holds. */
    public record Durable(LogPosition position, long logStartOffset, LogEnd end, PartitionRules.Memory memory) {}

    /**
     * @throws IOException if there is none, or it is corrupt
     */
    public Durable durable(PartitionId id) throws IOException {
        Checkpoint checkpoint = CheckpointFile.read(folders.of(id), id);
        return new Durable(checkpoint.position(), checkpoint.logStartOffset(), checkpoint.end(), checkpoint.memory());
    }

    /** The folder of a replica's files. */
    public Path folderOf(PartitionId id) {
        return folders.of(id);
    }

    /**
     * A replica that is in its folder, not yet open.
     *
     * @param nanoTime decides when its checkpoint is due, in nanoseconds
     */
    public SteppedReplica replica(PartitionId id, LogIndex index, StorageSettings settings, LongSupplier nanoTime) {
        return new SteppedReplica(id, folders.of(id), index, settings, nanoTime);
    }

    /** A Raft entry that appends these batches, each from its position to its limit. */
    public static ByteBuffer appendEntry(PartitionId id, long proposedAtMillis, List<ByteBuffer> batches) {
        return AppendEntry.encode(id, proposedAtMillis, batches);
    }

    /** A Raft entry that drops all records before an offset. */
    public static ByteBuffer advanceLogStartEntry(PartitionId id, long proposedAtMillis, long offset) {
        return new AdvanceLogStart(id, proposedAtMillis, offset).encode();
    }
}

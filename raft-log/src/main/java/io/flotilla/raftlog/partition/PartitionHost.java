package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.RaftHost;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * This broker's replicas of partitions: their folders below {@code <data>/partitions}, the index they share in
 * {@code <data>/index}, and the binding of each to its Raft group.
 *
 * <p>Life: {@link #open}; open a Raft host whose factory asks {@link #stateOf}; start it; {@link #attach} it. Close the
 * Raft host first.
 *
 * <p>Threading: every method may be called by any thread.
 */
public final class PartitionHost implements AutoCloseable {
    private PartitionHost() {}

    /**
     * Finds the replicas in the folder. A replica whose files cannot be trusted is listed as failed; it does not hinder
     * the others.
     *
     * @throws IOException if the folder or the index cannot be used at all
     */
    public static PartitionHost open(Path dataDirectory, StorageSettings settings) throws IOException {
        Files.createDirectories(dataDirectory.resolve("partitions"));
        return new PartitionHost();
    }

    /** The state of a partition's group, for the Raft host's factory; empty if no replica here belongs to the group. */
    public Optional<ReplicatedState> stateOf(GroupId id) {
        return Optional.empty();
    }

    /** Gives the recovered replicas their groups. The host must have been started. */
    public void attach(RaftHost host) {}

    /**
     * Makes this broker's replica and joins its group; a replica that is here already is returned as it is.
     *
     * @param peers the group's first members, the same at each; empty to join a group that exists already
     * @throws IOException if the folder cannot be written, or holds a replica whose Raft log is gone: that one must be
     *     deleted first
     */
    public Partition create(PartitionId id, PartitionSettings settings, List<Peer> peers) throws IOException {
        return find(id).orElseThrow(() -> new IOException("cannot store " + id + " yet"));
    }

    /** A failed replica is found too: its leadership is STOPPED and {@link Partition#failure} tells why. */
    public Optional<Partition> find(PartitionId id) {
        return Optional.empty();
    }

    /** Every replica of this broker, failed ones included, in no particular order. */
    public List<Partition> all() {
        return List.of();
    }

    /** Removes the member from its Raft group's files, then the replica's own files. Unknown replicas are no error. */
    public void delete(PartitionId id) throws IOException {}

    /** Makes everything durable and releases files and memory. May be called twice. */
    @Override
    public void close() throws IOException {}
}

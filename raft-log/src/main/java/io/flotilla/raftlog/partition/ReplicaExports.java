package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.segment.SegmentCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This broker's replicas as others fetch them: the other end of {@link ReplicaSource}. Everything is read from files that
 * only grow or vanish, so the replica goes on meanwhile.
 *
 * <p>Threading: safe for all threads.
 */
public final class ReplicaExports implements AutoCloseable {
    /** Checksums of full segments that are remembered: 128 GiB of log in segments of 2 MiB, some MiB of memory. */
    private static final int DIGESTS_MAX = 65_536;

    private final Function<GroupId, @Nullable PartitionReplica> replicas;
    private final Function<PartitionId, Path> folders;
    private final OpenSegments files = new OpenSegments();
    private final Map<Path, SegmentSummary> digests = new BoundedMap<>(DIGESTS_MAX);

    ReplicaExports(Function<GroupId, @Nullable PartitionReplica> replicas, Function<PartitionId, Path> folders) {
        this.replicas = replicas;
        this.folders = folders;
    }

    /**
     * The manifest of the replica's newest checkpoint. Reads every segment once in this object's life, so the first call
     * for a large replica takes as long as that.
     *
     * @param minIndex entry of the Raft log that the checkpoint must hold
     * @throws ReplicaSource.Gone if this broker has no such replica, or one that failed
     * @throws IOException        if its checkpoint is older, when a newer one is on its way, or the disk fails
     */
    public ReplicaManifest manifest(GroupId group, long minIndex) throws IOException {
        PartitionReplica replica = replicaOf(group);
        Path folder = folders.apply(replica.id());
        Checkpoint checkpoint = CheckpointFile.read(folder, replica.id());
        if (checkpoint.position().index() < minIndex) {
            replica.renewCheckpoint();
            throw new IOException("the newest checkpoint of partition " + replica.id() + " here is at index "
                    + checkpoint.position().index() + ", asked for was " + minIndex + "; a newer one is on its way");
        }
        return new ReplicaManifest(
                group, checkpoint.position(), CheckpointFile.encode(checkpoint), summaries(folder, checkpoint));
    }

    private PartitionReplica replicaOf(GroupId group) throws ReplicaSource.Gone {
        PartitionReplica replica = replicas.apply(group);
        if (replica == null || replica.hasFailed() || !replica.isAttached()) {
            throw new ReplicaSource.Gone("this broker has no replica of group " + group + " that can be trusted");
        }
        return replica;
    }

    private List<SegmentSummary> summaries(Path folder, Checkpoint checkpoint) throws IOException {
        List<Long> bases = basesUpTo(folder, checkpoint.end().activeBase());
        List<SegmentSummary> segments = new ArrayList<>();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            Path file = folder.resolve(SegmentCheck.nameOf(base));
            boolean beforeStart = i + 1 < bases.size() && bases.get(i + 1) <= checkpoint.logStartOffset();
            if (beforeStart) {
                continue;
            }
            if (base < checkpoint.end().activeBase()) {
                segments.add(full(file, base));
            } else if (checkpoint.end().activeBytes() > 0) {
                int bytes = checkpoint.end().activeBytes();
                segments.add(new SegmentSummary(base, bytes, SegmentCheck.crcOf(file, bytes)));
            }
        }
        return segments;
    }

    private static List<Long> basesUpTo(Path folder, long last) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(SegmentCheck::baseOffsetOf)
                    .flatMapToLong(OptionalLong::stream)
                    .filter(base -> base <= last)
                    .sorted()
                    .boxed()
                    .toList();
        }
    }

    /**
     * What is known of the replica's full segments without reading them: what was scrubbed, or fetched by others.
     *
     * @throws ReplicaSource.Gone if this broker has no such replica, or one that failed
     */
    public List<SegmentSummary> digests(GroupId group) throws ReplicaSource.Gone {
        Path folder = folders.apply(replicaOf(group).id());
        synchronized (digests) {
            return digests.entrySet().stream()
                    .filter(known -> known.getKey().startsWith(folder))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    /**
     * Learns what a full segment was found to be just now.
     *
     * @return what it was found to be before, if that is known; it never changes but by damage
     */
    Optional<SegmentSummary> learn(Path file, SegmentSummary found) {
        synchronized (digests) {
            return Optional.ofNullable(digests.put(file, found));
        }
    }

    /** One that another follows never changes. */
    private SegmentSummary full(Path file, long base) throws IOException {
        int bytes = Math.toIntExact(Files.size(file));
        SegmentSummary known;
        synchronized (digests) {
            known = digests.get(file);
        }
        if (known != null && known.bytes() == bytes) {
            return known;
        }
        SegmentSummary computed = new SegmentSummary(base, bytes, SegmentCheck.crcOf(file, bytes));
        synchronized (digests) {
            digests.put(file, computed);
        }
        return computed;
    }

    /**
     * Reads bytes of a segment that a manifest named, within the size it named.
     *
     * @throws ReplicaSource.Gone if the replica or the segment is no more
     */
    public ByteBuffer read(GroupId group, long baseOffset, int position, int length) throws IOException {
        Path folder = folders.apply(replicaOf(group).id());
        return files.read(folder.resolve(SegmentCheck.nameOf(baseOffset)), position, length);
    }

    /** Lets go of the replica's files. */
    void forget(PartitionId partition) {
        Path folder = folders.apply(partition);
        files.closeIn(folder);
        synchronized (digests) {
            digests.keySet().removeIf(file -> file.startsWith(folder));
        }
    }

    @Override
    public void close() {
        files.close();
    }
}

package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.catchup.FetchRequest;
import io.flotilla.raftlog.catchup.ReplicaFetcher;
import io.flotilla.raftlog.catchup.ReplicaManifest;
import io.flotilla.raftlog.catchup.StagedReplica;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.segment.LogEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Catch-up of a partition's replica by files: fetches beside the replica, and has it opened anew to change over.
 *
 * <p>Threading: as {@link CatchUp} says.
 */
final class PartitionCatchUp implements CatchUp {
    private static final Logger log = LoggerFactory.getLogger(PartitionCatchUp.class);

    /** Closes the replica's files and opens them again. */
    interface Reopening {
        LogPosition reopen() throws IOException;
    }

    private final PartitionId partition;
    private final GroupId group;
    private final Path folder;
    private final StagedReplica staged;
    private final ReplicaFetcher fetcher;
    private final Reopening replica;
    private final AtomicInteger fetching = new AtomicInteger();

    /** @param group to which the replica belongs, and those it fetches from */
    PartitionCatchUp(PartitionId partition, GroupId group, Path folder, ReplicaFetcher fetcher, Reopening replica) {
        this.partition = partition;
        this.group = group;
        this.folder = folder;
        this.staged = new StagedReplica(folder, CheckpointFile.NAME);
        this.fetcher = fetcher;
        this.replica = replica;
    }

    @Override
    public CompletableFuture<LogPosition> fetch(long minIndex) {
        return fetch(minIndex, false);
    }

    /** Fetches in the place of damaged files, for as long as it takes until somebody gives them. */
    CompletableFuture<LogPosition> fetchForRepair(long minIndex) {
        return fetch(minIndex, true);
    }

    private CompletableFuture<LogPosition> fetch(long minIndex, boolean repair) {
        fetching.incrementAndGet();
        return fetcher.fetch(new FetchRequest(group, minIndex, staged, this::endOffsetOf, repair))
                .whenComplete((position, failure) -> fetching.decrementAndGet());
    }

    private long endOffsetOf(ReplicaManifest manifest) throws IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = CheckpointFile.decode(manifest.checkpoint());
        } catch (RuntimeException corrupt) {
            throw new IOException("the checkpoint offered is corrupt: " + corrupt.getMessage(), corrupt);
        }
        LogEnd end = checkpoint.end();
        List<SegmentSummary> segments = manifest.segments();
        SegmentSummary last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        boolean endsThere = last == null
                ? end.endOffset() == checkpoint.logStartOffset()
                : end.activeBytes() == 0
                        ? last.baseOffset() < end.activeBase()
                        : last.baseOffset() == end.activeBase() && last.bytes() == end.activeBytes();
        boolean beginsThere = last == null || segments.get(0).baseOffset() <= checkpoint.logStartOffset();
        if (!checkpoint.partition().equals(partition)
                || !checkpoint.position().equals(manifest.position())
                || !endsThere
                || !beginsThere) {
            throw new IOException("the checkpoint offered, of partition " + checkpoint.partition() + " at "
                    + checkpoint.position() + " from offset " + checkpoint.logStartOffset() + " to " + end
                    + ", does not fit its manifest at " + manifest.position() + " with last segment " + last);
        }
        return end.endOffset();
    }

    @Override
    public LogPosition install() throws IOException {
        LogPosition wanted = staged.complete()
                .orElseThrow(() -> new IOException("nothing was fetched for partition " + partition))
                .position();
        LogPosition opened = replica.reopen();
        if (!opened.equals(wanted)) {
            throw new IOException("partition " + partition + " opened at " + opened + ", but " + wanted
                    + " was fetched: the replica has more than its group's leader would give it");
        }
        return opened;
    }

    @Override
    public LogPosition fetchedPosition() throws IOException {
        return staged.installed();
    }

    /** Changes the closed replica over to what was fetched, if that is complete and newer, or a repair. */
    void finish() throws IOException {
        Optional<ReplicaManifest> complete = complete();
        if (complete.isEmpty()) {
            return;
        }
        Optional<LogPosition> own = ownPosition();
        if (staged.isRepair()) {
            Path quarantine = quarantine();
            log.error("a damaged replica is replaced, its files go to {} partition={}", quarantine, partition);
            staged.install(own.isPresent(), Optional.of(quarantine));
        } else if (own.isEmpty()
                || complete.get().position().index() > own.get().index()) {
            staged.install(own.isPresent(), Optional.empty());
        } else {
            staged.discard();
        }
    }

    private Path quarantine() {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        return folder.resolveSibling("..")
                .normalize()
                .resolve("quarantine")
                .resolve("partitions")
                .resolve(partition + "-" + time);
    }

    /** Where the replica's own checkpoint stands; empty if it cannot be read: then it proves nothing about the Raft log. */
    Optional<LogPosition> ownPosition() {
        try {
            return Optional.of(CheckpointFile.read(folder, partition).position());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<ReplicaManifest> complete() throws IOException {
        try {
            return staged.complete();
        } catch (IOException damaged) {
            log.warn("dropped what was fetched, it cannot be read partition={}", partition, damaged);
            staged.discard();
            return Optional.empty();
        }
    }

    /** Drops what an earlier fetch left and nobody asked for again. */
    void tidy() throws IOException {
        if (fetching.get() == 0 && complete().isEmpty()) {
            staged.discard();
        }
    }
}

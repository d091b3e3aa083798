package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.catchup.ReplicaSource;
import io.flotilla.raftlog.catchup.plan.DigestVote;
import io.flotilla.raftlog.catchup.plan.Pace;
import io.flotilla.raftlog.catchup.plan.SegmentSummary;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.segment.CorruptLog;
import io.flotilla.raftlog.segment.SegmentCheck;
import io.flotilla.raftlog.segment.SegmentDescription;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all segments that are written no more, again and again, slowly: every batch's CRC-32C, the density of offsets,
 * and whether all bytes are what they were before and what most of the other replicas have, since checksums of batches
 * do not cover everything. A replica with a damaged segment fails, so that it stops before a reader meets the damage.
 * Closed files of Raft logs are read as well, all of one group at once.
 *
 * <p>Threading: one thread of its own; {@link #close} by any.
 */
final class Scrubber implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scrubber.class);

    /** Not a whole interval, or a broker that is restarted more often would never look. */
    private static final Duration FIRST_LOOK_AFTER = Duration.ofMinutes(10);

    private final Supplier<Collection<PartitionReplica>> replicas;
    private final Function<PartitionId, Path> folders;
    private final ReplicaExports exports;
    private final ReplicaSource others;
    private final LogCheck logs;
    private final Collection<GroupId> otherGroups;
    private final ScrubSettings settings;
    private final Pace pace;
    private final ScrubProgress progress;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Reads the closed files of a group's Raft log; a damaged one stops its member. */
    interface LogCheck {
        void verify(GroupId group) throws IOException;
    }

    /** @param otherGroups groups without a replica of a partition, whose Raft logs are read too */
    Scrubber(
            Supplier<Collection<PartitionReplica>> replicas,
            Function<PartitionId, Path> folders,
            ReplicaExports exports,
            ReplicaSource others,
            LogCheck logs,
            Collection<GroupId> otherGroups,
            ScrubSettings settings,
            ScrubProgress progress,
            Clock clock) {
        this.replicas = replicas;
        this.folders = folders;
        this.exports = exports;
        this.others = others;
        this.logs = logs;
        this.otherGroups = otherGroups;
        this.settings = settings;
        this.progress = progress;
        this.clock = clock;
        this.pace = new Pace(settings.bytesPerSecond(), System.nanoTime());
    }

    void start() {
        Thread thread = new Thread(this::run, "flotilla-scrub");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            long waitMillis = Math.min(settings.interval().toMillis(), FIRST_LOOK_AFTER.toMillis());
            while (!closed.await(waitMillis, TimeUnit.MILLISECONDS)) {
                for (PartitionReplica replica : replicas.get()) {
                    look(replica);
                    verifyLog(replica.groupId());
                }
                otherGroups.forEach(this::verifyLog);
                progress.roundEnded(clock.millis());
                waitMillis = settings.interval().toMillis();
            }
        } catch (InterruptedException | InterruptedIOException stopped) {
            log.debug("scrubbing ended");
        }
    }

    private void look(PartitionReplica replica) throws InterruptedIOException {
        List<SegmentSummary> found = new ArrayList<>();
        for (SegmentDescription segment : replica.closedSegments()) {
            Path file = folders.apply(replica.id()).resolve(SegmentCheck.nameOf(segment.baseOffset()));
            try {
                found.add(checked(file, segment));
            } catch (InterruptedIOException ended) {
                throw ended;
            } catch (NoSuchFileException gone) {
                if (replica.closedSegments().contains(segment) && Files.notExists(file)) { // else it was trimmed
                    replica.failed(gone);
                    return;
                }
            } catch (IOException damaged) {
                if (replica.closedSegments().contains(segment)) { // else its file is another's business
                    replica.failed(damaged);
                    return;
                }
            }
        }
        compare(replica, found);
    }

    private void verifyLog(GroupId group) {
        try {
            logs.verify(group);
        } catch (IOException damaged) { // its member was stopped for that
            log.error("the Raft log of a group is damaged or cannot be read group={}: {}", group, damaged.toString());
        }
    }

    private SegmentSummary checked(Path file, SegmentDescription segment) throws IOException {
        SegmentCheck.Checked checked = SegmentCheck.check(file, segment.baseOffset(), segment.bytes(), this::await);
        if (checked.endOffset() != segment.endOffset()) {
            throw new CorruptLog("segment " + file + " is corrupt: it ends with offset " + checked.endOffset()
                    + ", expected " + segment.endOffset());
        }
        progress.checked(segment.bytes());
        SegmentSummary now = new SegmentSummary(segment.baseOffset(), segment.bytes(), checked.crc());
        Optional<SegmentSummary> before = exports.learn(file, now);
        if (before.isPresent() && !before.get().equals(now)) {
            throw new CorruptLog("segment " + file + " is corrupt: its bytes have changed, " + before.get()
                    + " was read before and " + now + " now");
        }
        return now;
    }

    /** Asks the other replicas what they have. */
    private void compare(PartitionReplica replica, List<SegmentSummary> found) {
        if (found.isEmpty()) {
            return;
        }
        Map<String, List<SegmentSummary>> known = others.digests(replica.groupId());
        for (SegmentSummary own : found) {
            List<SegmentSummary> same = known.values().stream()
                    .flatMap(List::stream)
                    .filter(other -> other.baseOffset() == own.baseOffset())
                    .toList();
            switch (DigestVote.of(own, same)) {
                case RIGHT -> {}
                case WRONG -> {
                    replica.failed(new CorruptLog("segment " + own + " of partition " + replica.id()
                            + " is not what most of the other replicas have: " + known.keySet() + " have "
                            + same.get(0)));
                    return;
                }
                case UNDECIDED ->
                    log.error(
                            "replicas differ and nobody can tell which is right; compare them and empty the wrong one"
                                    + " partition={} here={} on {}={}",
                            replica.id(),
                            own,
                            known.keySet(),
                            same);
            }
        }
    }

    /** Waits until so many bytes may be read. */
    private void await(int bytes) throws InterruptedIOException {
        try {
            if (closed.await(pace.reserve(bytes, System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new InterruptedIOException("scrubbing ends");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("scrubbing was interrupted");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

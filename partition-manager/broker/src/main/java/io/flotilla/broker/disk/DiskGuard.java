package io.flotilla.broker.disk;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionHost;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the disk of a broker's data.
 *
 * <ul>
 *   <li>Below the reserve this broker hands its leaderships over, and refuses appends where it leads nevertheless; reads
 *       go on.
 *   <li>Below half of it the replicas of partitions are paused, so that what is left is there for the metadata and for
 *       checkpoints. Both end by themselves when there is room again.
 *   <li>A replica whose files are damaged or lost is repaired with the help of other brokers.
 *   <li>When a replica has failed, the disk is probed; a disk that cannot be written, or the failure of the metadata's
 *       replica, is fatal for the whole broker. A broker must not go on with half of its promises.
 * </ul>
 *
 * <p>Threading: {@link #refusal} may be called by any thread; everything else happens on a thread of its own.
 */
public final class DiskGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    private static final long MIB = 1 << 20;

    private final Path folder;
    private final long reserveBytes;
    private final Duration interval;
    private final PartitionHost partitions;
    private final Supplier<Optional<Throwable>> metadataFailure;
    private final Runnable handOver;
    private final Consumer<Throwable> fatal;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread watcher;

    /** Failures that were looked into. */
    private final Set<Throwable> judged = new HashSet<>();

    private volatile SpaceLevel level = SpaceLevel.ENOUGH;
    private volatile long freeBytes = Long.MAX_VALUE;

    private DiskGuard(
            Path folder,
            long reserveBytes,
            Duration interval,
            PartitionHost partitions,
            Supplier<Optional<Throwable>> metadataFailure,
            Runnable handOver,
            Consumer<Throwable> fatal) {
        this.folder = folder;
        this.reserveBytes = reserveBytes;
        this.interval = interval;
        this.partitions = partitions;
        this.metadataFailure = metadataFailure;
        this.handOver = handOver;
        this.fatal = fatal;
        this.watcher = new Thread(this::watch, "disk-guard");
        this.watcher.setDaemon(true);
    }

    /**
     * Starts to watch.
     *
     * @param reserveBytes    room that must be left, 0 for none
     * @param interval        between two looks
     * @param metadataFailure why the metadata's replica on this broker has stopped, if so
     * @param handOver        gives this broker's leaderships to others
     * @param fatal           told once, when this broker must stop; called on the guard's thread
     */
    public static DiskGuard start(
            Path folder,
            long reserveBytes,
            Duration interval,
            PartitionHost partitions,
            Supplier<Optional<Throwable>> metadataFailure,
            Runnable handOver,
            Consumer<Throwable> fatal) {
        DiskGuard guard = new DiskGuard(folder, reserveBytes, interval, partitions, metadataFailure, handOver, fatal);
        guard.watcher.start();
        return guard;
    }

    /** Why an append cannot be taken now, if so. */
    public Optional<Refused> refusal() {
        if (level == SpaceLevel.ENOUGH) {
            return Optional.empty();
        }
        long free = freeBytes / MIB;
        long reserve = reserveBytes / MIB;
        return Optional.of(new Refused(
                ErrorCode.DISK_FULL,
                "the leader's disk has " + free + " MiB left, less than the reserve of " + reserve
                        + " MiB; make room, shorten retention, or lower disk.reserve.bytes; appends go on by themselves",
                Map.of("free_mib", Long.toString(free), "reserve_mib", Long.toString(reserve))));
    }

    /** How full the disk was at the last look. */
    public SpaceLevel level() {
        return level;
    }

    private void watch() {
        try {
            do {
                Optional<Throwable> reason = look();
                if (reason.isPresent()) {
                    fatal.accept(reason.get());
                    return;
                }
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) { // a broker that no one watches must not go on as if someone did
            fatal.accept(bug);
        }
    }

    /** One look; why the broker must stop, if so. */
    private Optional<Throwable> look() {
        try {
            freeBytes = Files.getFileStore(folder).getUsableSpace();
        } catch (IOException unreadable) {
            return Optional.of(new IOException("the disk of " + folder + " cannot be asked for its space", unreadable));
        }
        SpaceLevel before = level;
        level = before.next(freeBytes, reserveBytes);
        if (level != before) {
            LOG.warn(
                    "disk space changed level={} free={} reserve={} folder={}", level, freeBytes, reserveBytes, folder);
        }
        if (before == SpaceLevel.ENOUGH && level == SpaceLevel.LOW) {
            handOver.run(); // to brokers that may have room
        }
        if (level == SpaceLevel.CRITICAL) {
            pauseReplicas();
        } else {
            reopenReplicas();
        }
        repairReplicas();
        return judgeFailures();
    }

    private void repairReplicas() {
        for (Partition partition : partitions.all()) {
            partitions.repair(partition.id());
        }
    }

    private void pauseReplicas() {
        List<Partition> open = partitions.all().stream()
                .filter(partition -> partition.failure().isEmpty())
                // Followers first: leaders have refused appends for a while, so only the others grow.
                .sorted(Comparator.comparing(partition -> partition.leadership().isLeader()))
                .toList();
        for (Partition partition : open) {
            try {
                partitions.pause(partition.id(), new NoSpace(freeBytes));
            } catch (IOException failure) {
                LOG.error("cannot pause replica partition={}", partition.id(), failure);
            }
        }
    }

    private void reopenReplicas() {
        for (Partition partition : partitions.all()) {
            if (partition.failure().filter(NoSpace::isCauseOf).isPresent()) {
                reopen(partition.id());
            }
        }
    }

    private void reopen(PartitionId id) {
        try {
            partitions.reopen(id);
        } catch (IOException failure) {
            LOG.error("cannot reopen replica partition={}", id, failure);
        }
    }

    private Optional<Throwable> judgeFailures() {
        Optional<Throwable> ofMetadata = metadataFailure.get();
        if (ofMetadata.isPresent()) {
            return Optional.of(
                    new IOException("this broker's replica of the cluster's metadata has failed", ofMetadata.get()));
        }
        boolean news = false;
        for (Partition partition : partitions.all()) {
            Optional<Throwable> failure = partition.failure().filter(cause -> !NoSpace.isCauseOf(cause));
            news |= failure.isPresent() && judged.add(failure.get());
        }
        return news ? probe() : Optional.empty();
    }

    private Optional<Throwable> probe() {
        try {
            DiskProbe.check(folder);
            return Optional.empty();
        } catch (IOException bad) {
            return Optional.of(new IOException("the disk of " + folder + " cannot be written", bad));
        }
    }

    @Override
    public void close() {
        stop.countDown();
        if (Thread.currentThread() == watcher) {
            return; // fatal, which ends the watch
        }
        try {
            watcher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

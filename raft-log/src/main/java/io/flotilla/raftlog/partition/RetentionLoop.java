package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.partition.rules.RetentionSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again through the partitions that this broker leads, and moves their logs' start to where their
 * settings want it. One proposal is on its way at a time; what failed is tried again at the next look.
 *
 * <p>Threading: one thread of its own; {@link #close} by any.
 */
final class RetentionLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RetentionLoop.class);

    /** An answer that takes longer is left to itself, so that one partition without a majority holds up no other. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final Supplier<Collection<PartitionReplica>> replicas;
    private final Function<PartitionId, Optional<RetentionSettings>> settings;
    private final Clock wallClock;
    private final LongSupplier nanoTime;
    private final SlewedClock clock;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param settings what a partition keeps; empty, as long as that is not known, keeps everything
     */
    RetentionLoop(
            Supplier<Collection<PartitionReplica>> replicas,
            Function<PartitionId, Optional<RetentionSettings>> settings,
            Clock wallClock,
            LongSupplier nanoTime) {
        this.replicas = replicas;
        this.settings = settings;
        this.wallClock = wallClock;
        this.nanoTime = nanoTime;
        this.clock = new SlewedClock(wallClock.millis(), nanoTime.getAsLong());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "flotilla-retention");
            made.setDaemon(true);
            return made;
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the thread
    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks through all partitions once. */
    void look() {
        long nowMillis = clock.now(wallClock.millis(), nanoTime.getAsLong());
        for (PartitionReplica replica : replicas.get()) {
            if (thread.isShutdown()) {
                return;
            }
            try {
                look(replica, nowMillis);
            } catch (RuntimeException failed) { // the next partition must not wait for this one's trouble
                log.warn("could not apply retention, trying again later partition={}", replica.id(), failed);
            }
        }
    }

    private void look(PartitionReplica replica, long nowMillis) {
        Optional<RetentionSettings> keep = settings.apply(replica.id());
        if (keep.isEmpty() || !replica.leadership().ready() || replica.hasFailed()) {
            return;
        }
        long before = replica.logStartOffset();
        long wanted = replica.retainedFrom(keep.get(), nowMillis);
        if (wanted > before) {
            advance(replica, before, wanted);
        }
    }

    private static void advance(PartitionReplica replica, long before, long wanted) {
        try {
            long start = replica.advanceLogStart(wanted).get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            log.info("trimmed by retention partition={} logStartOffset={} before={}", replica.id(), start, before);
        } catch (ExecutionException failed) {
            log.info(
                    "retention has to wait partition={} logStartOffset={} wanted={}: {}",
                    replica.id(),
                    before,
                    wanted,
                    String.valueOf(failed.getCause()));
        } catch (TimeoutException late) {
            log.info("retention was not committed within {} partition={}", ANSWER_MAX, replica.id());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

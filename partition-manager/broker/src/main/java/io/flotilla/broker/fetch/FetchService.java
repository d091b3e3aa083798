package io.flotilla.broker.fetch;

import io.flotilla.broker.metrics.ClientMetrics;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.partition.FetchedBatches;
import io.flotilla.raftlog.partition.Partition;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads partitions this broker leads.
 *
 * <p>Threading: every method may be called by any thread; reading costs its caller disk time.
 */
public final class FetchService {
    /** Smallest and largest soft limit of one answer, in bytes; other wishes are rounded to these. */
    public static final int READ_BYTES_MIN = 1;

    public static final int READ_BYTES_MAX = 16 << 20;
    public static final int READ_BYTES_DEFAULT = 1 << 20;

    /** Longest wait for the first record. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final ReplicaLookup replicas;
    private final ClientMetrics metrics;
    private final ScheduledExecutorService timer;
    private final Executor readers;
    private final int waitingMax;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param timer      ends waits; its tasks are quick
     * @param readers    runs reads that were woken
     * @param waitingMax reads that may wait at one time; one more answers at once
     */
    public FetchService(
            ReplicaLookup replicas,
            ClientMetrics metrics,
            ScheduledExecutorService timer,
            Executor readers,
            int waitingMax) {
        this.replicas = replicas;
        this.metrics = metrics;
        this.timer = timer;
        this.readers = readers;
        this.waitingMax = waitingMax;
    }

    /**
     * @throws LogException as {@link ReplicaLookup#leading}
     */
    public Partition leading(PartitionName name) {
        return replicas.leading(name);
    }

    /**
     * This broker's replica, whether or not it leads.
     *
     * @throws LogException as {@link ReplicaLookup#replica}
     */
    public Partition replica(PartitionName name) {
        return replicas.replica(name);
    }

    /**
     * Reads whole batches, waiting for the first one if there is none yet. A wait ends early when the replica stops
     * leading or the topic is deleted; then the future fails with the reason, as it would have failed at once.
     *
     * <p>Cancelling the future ends the wait.
     *
     * @param maxBytes soft limit, {@link #READ_BYTES_MIN} to {@link #READ_BYTES_MAX}; 0 means the default
     * @param maxWait  not negative; cut to {@link #WAIT_MAX}
     */
    public CompletableFuture<FetchedBatches> read(PartitionName name, long offset, int maxBytes, Duration maxWait) {
        int bytes = readBytes(maxBytes);
        try {
            Partition partition = replicas.leading(name);
            FetchedBatches now = readNow(partition, offset, bytes);
            if (now.batches().hasRemaining() || maxWait.isZero() || waiting.get() >= waitingMax) {
                return CompletableFuture.completedFuture(now);
            }
            waiting.incrementAndGet();
            LongPoll poll = new LongPoll(() -> readNow(replicas.leading(name), offset, bytes), readers);
            poll.start(partition, timer, maxWait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : maxWait);
            var unused = poll.answer().whenComplete((answer, failure) -> waiting.decrementAndGet());
            return poll.answer();
        } catch (LogException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /**
     * What a partition this broker leads has now.
     *
     * @throws LogException as {@link ReplicaLookup#leading} and {@link Partition#read}
     */
    public FetchedBatches readNow(PartitionName name, long offset, int maxBytes) {
        return readNow(replicas.leading(name), offset, maxBytes);
    }

    private FetchedBatches readNow(Partition leading, long offset, int maxBytes) {
        long beganNanos = System.nanoTime();
        FetchedBatches read = leading.read(offset, maxBytes);
        metrics.fetched(beganNanos, offset, read);
        return read;
    }

    /** A wish for bytes as it is granted. */
    public static int readBytes(int maxBytes) {
        return maxBytes == 0 ? READ_BYTES_DEFAULT : Math.max(READ_BYTES_MIN, Math.min(READ_BYTES_MAX, maxBytes));
    }
}

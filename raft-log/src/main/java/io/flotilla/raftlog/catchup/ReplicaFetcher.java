package io.flotilla.raftlog.catchup;

import io.flotilla.raftlog.catchup.plan.Pace;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches replicas: a bounded number at one time, all within one rate. Each attempt asks anew who can give the bytes, so
 * a source that dies or a leader that changes costs one attempt and nothing that was fetched.
 *
 * <p>Threading: safe for all threads.
 */
public final class ReplicaFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplicaFetcher.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final long WAIT_STEP_NANOS = 100_000_000L;

    private final ReplicaSource source;
    private final CatchUpSettings settings;
    private final ScheduledThreadPoolExecutor threads;
    private final Object paceLock = new Object();
    private final Pace pace;
    private final AtomicLong fetchedBytes = new AtomicLong();
    /** The last fetch of each group: a replica that was opened anew waits for the one it began before. */
    private final Map<GroupId, CompletableFuture<LogPosition>> last = new HashMap<>();

    private volatile boolean closed;

    public ReplicaFetcher(ReplicaSource source, CatchUpSettings settings) {
        this.source = source;
        this.settings = settings;
        this.pace = new Pace(settings.bytesPerSecond(), System.nanoTime());
        AtomicInteger number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(settings.fetchesMax(), task -> {
            Thread thread = new Thread(task, "flotilla-catch-up-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether there is anybody to fetch from. */
    public boolean hasSource() {
        return source != ReplicaSource.NONE;
    }

    /** Where other brokers' replicas are read. */
    public ReplicaSource source() {
        return source;
    }

    /** Bytes of segments received since this was made. */
    public long fetchedBytes() {
        return fetchedBytes.get();
    }

    /**
     * Fetches a replica beside the one in use, however often the source changes.
     *
     * @return completes with the position of what is complete then; fails when nothing came for
     *     {@code attemptsMax} attempts
     */
    public CompletableFuture<LogPosition> fetch(FetchRequest request) {
        synchronized (last) {
            CompletableFuture<LogPosition> before = last.get(request.group());
            CompletableFuture<LogPosition> result = before == null || before.isDone()
                    ? start(request)
                    : before.handle((position, failure) -> request).thenCompose(this::start);
            last.put(request.group(), result);
            return result;
        }
    }

    private CompletableFuture<LogPosition> start(FetchRequest request) {
        Running running = new Running(request);
        running.schedule(0);
        return running.result;
    }

    private final class Running implements SegmentFetch.Meter {
        private final FetchRequest request;
        private final CompletableFuture<LogPosition> result = new CompletableFuture<>();
        private boolean progress;
        private int attempts;
        private long receivedBytes;

        Running(FetchRequest request) {
            this.request = request;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the result tells
        void schedule(long delayMillis) {
            try {
                threads.schedule(this::attempt, delayMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                result.completeExceptionally(stopped);
            }
        }

        private void attempt() {
            progress = false;
            try {
                ReplicaSource.Offer offer = source.ask(request.group(), request.minIndex());
                LogPosition position = new ReplicaFetch(request, offer, settings.chunkBytes(), this).run();
                log.info(
                        "fetched a replica group={} index={} receivedBytes={}",
                        request.group(),
                        position.index(),
                        receivedBytes);
                result.complete(position);
            } catch (IOException | RuntimeException failure) {
                again(failure);
            } catch (Throwable bug) {
                result.completeExceptionally(bug);
                throw bug;
            }
        }

        private void again(Exception failure) {
            attempts = progress ? 1 : attempts + 1;
            if (closed || (attempts >= settings.attemptsMax() && !request.repair())) {
                result.completeExceptionally(failure);
                return;
            }
            long pause = settings.pauseMin().toMillis() << Math.min(attempts - 1, 30);
            long delay = Math.min(pause, settings.pauseMax().toMillis());
            log.warn(
                    "fetching a replica broke off, next attempt in {} ms group={}: {}",
                    delay,
                    request.group(),
                    failure.toString());
            schedule(delay);
        }

        @Override
        public void before(int bytes) throws IOException {
            long wait;
            synchronized (paceLock) {
                wait = pace.reserve(bytes, System.nanoTime());
            }
            long until = System.nanoTime() + wait;
            for (long left = wait; left > 0 && !closed; left = until - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(left, WAIT_STEP_NANOS));
            }
            if (closed) {
                throw new IOException("this broker is stopping");
            }
        }

        @Override
        public void received(int bytes) {
            progress = true;
            receivedBytes += bytes;
            fetchedBytes.addAndGet(bytes);
        }
    }

    /** Breaks off what is being fetched; the next start goes on with it. */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow(); // one may wait for an answer; what it wrote so far is as good as after a crash
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("fetching replicas did not end within " + CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.flotilla.raftlog.partition;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that make partitions durable in the background, so that no apply thread waits for a disk.
 *
 * <p>Threading: safe for all threads.
 */
final class BackgroundFlusher implements Flusher, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor threads;
    private final long intervalMillis;

    BackgroundFlusher(int threadCount, Duration interval) {
        AtomicInteger number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(threadCount, task -> {
            Thread thread = new Thread(task, "flotilla-flush-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        this.threads.setRemoveOnCancelPolicy(true);
        this.threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.intervalMillis = interval.toMillis();
    }

    @Override
    public Repetition repeat(Runnable task, int seed) {
        long firstDelay = Math.floorMod(seed, intervalMillis);
        ScheduledFuture<?> repetition =
                threads.scheduleWithFixedDelay(task, firstDelay, intervalMillis, TimeUnit.MILLISECONDS);
        return () -> repetition.cancel(false);
    }

    @Override
    public void soon(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            assert threads.isShutdown();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("flushing did not end within " + CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.PeerId;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads a host adds to those of Ratis, shared by all its groups: a timer, a few workers for what may block, and
 * one that tells states about leadership and failure. Of each kind of task a group has at most one queued, and each
 * proposal at most its timeout, which bounds the queues.
 */
final class HostThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostThreads.class);
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor work;
    private final ThreadPoolExecutor notices;

    HostThreads(PeerId self, int workThreads) {
        timer = new ScheduledThreadPoolExecutor(1, named(self + "-raft-timer"));
        // Each proposal sets a timeout and nearly all cancel it.
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        work = pool(workThreads, named(self + "-raft-work"));
        notices = pool(1, named(self + "-raft-notices"));
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    ExecutorService work() {
        return work;
    }

    ExecutorService notices() {
        return notices;
    }

    /** Lets what is queued finish. */
    @Override
    public void close() {
        timer.shutdownNow();
        stop(work, "work");
        stop(notices, "notices");
    }

    private static ThreadPoolExecutor pool(int threads, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dying, failure) -> LOG.error("{} failed", dying.getName(), failure));
            return thread;
        };
    }

    private static void stop(ExecutorService executor, String name) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("raft {} threads still busy after {} s", name, CLOSE_SECONDS);
                executor.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

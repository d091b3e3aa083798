package io.flotilla.broker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that a broker's edges share. */
final class BrokerThreads implements AutoCloseable {
    private final ThreadPoolExecutor requests;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param requestThreads 1 or more. Their queue needs no bound of its own: it holds at most a few entries for each
     *     open call, and calls are bounded for each connection.
     */
    BrokerThreads(int nodeId, int requestThreads) {
        requests = new ThreadPoolExecutor(
                requestThreads,
                requestThreads,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                named("broker-" + nodeId + "-request-"));
        requests.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, named("broker-" + nodeId + "-timer-"));
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs requests: batch checks, disk reads, answers. */
    ExecutorService requests() {
        return requests;
    }

    /** Requests, or turns of streams, that wait for a thread. */
    int requestsWaiting() {
        return requests.getQueue().size();
    }

    /** Starts quick tasks later. */
    ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        requests.shutdown();
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the transport's threads are made and stopped. */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dying, failure) -> LOG.error("{} failed", dying.getName(), failure));
            return thread;
        };
    }

    /** Starts nothing more and waits for what runs. */
    static void stop(ExecutorService threads, long seconds) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(seconds, TimeUnit.SECONDS)) {
                LOG.warn("transport threads still busy after {} s", seconds);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

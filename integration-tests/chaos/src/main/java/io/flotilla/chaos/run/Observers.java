package io.flotilla.chaos.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that let observers look, each at its own interval, so that one that waits for a silent broker delays no other. */
final class Observers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);
    private static final long END_MILLIS = 20_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    void start(String name, long intervalMillis, Observer observer) {
        Thread thread = new Thread(() -> loop(name, intervalMillis, observer), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void loop(String name, long intervalMillis, Observer observer) {
        while (!closed) {
            try {
                observer.look();
            } catch (RuntimeException failure) {
                LOG.warn("an observer failed, and looks again name={}", name, failure);
            }
            LockSupport.parkNanos(intervalMillis * 1_000_000);
        }
        try {
            observer.look(); // what happened since
        } catch (RuntimeException failure) {
            LOG.warn("an observer failed at its last look name={}", name, failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(LockSupport::unpark);
        for (Thread thread : threads) {
            try {
                thread.join(END_MILLIS);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

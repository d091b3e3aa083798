package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of clients, each of which repeats a step until it is to end. A step that does not end within
 * {@link #STUCK_AFTER} is noted, whatever keeps it: no call may hang.
 *
 * <p>Threading: safe.
 */
public final class ClientThreads implements AutoCloseable {
    /** Longer than any timeout of any call. */
    public static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(ClientThreads.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(40);

    /** In the place of a broker: the harness's own process. */
    private static final int HARNESS = 0;

    private final Recorder recorder;
    private final List<Watched> threads = new CopyOnWriteArrayList<>();
    private final Thread watch;
    private volatile boolean closed;

    /** One thing after the other; it returns often, and at once when there is nothing to do. */
    @FunctionalInterface
    public interface Step {
        void run() throws InterruptedException;
    }

    /** One thread, and when it was seen alive last. */
    public final class Watched {
        private final String name;
        private final int process;
        private final Step step;
        private final Thread thread;
        private volatile long aliveNanos = System.nanoTime();
        private volatile boolean stopping;
        private boolean told;

        private Watched(String name, int process, Step step) {
            this.name = name;
            this.process = process;
            this.step = step;
            this.thread = new Thread(this::loop, name);
            thread.setDaemon(true);
        }

        private void loop() {
            try {
                while (!stopping && !closed) {
                    aliveNanos = System.nanoTime();
                    step.run();
                }
            } catch (InterruptedException end) {
                LOG.debug("client thread was interrupted name={}", name);
            } catch (RuntimeException failure) {
                if (!stopping && !closed) {
                    LOG.warn("a client failed name={}", name, failure);
                    recorder.write(nanos ->
                            new Event.LogComplaint(nanos, HARNESS, "client thread " + name + " failed: " + failure));
                }
            } finally {
                threads.remove(this);
            }
        }

        /** No further step is begun. */
        public void end() {
            stopping = true;
        }

        /** Waits for the last step, and interrupts it when that takes too long. */
        public void await() {
            join(thread, END_TIMEOUT);
            if (thread.isAlive()) {
                thread.interrupt();
                join(thread, LOOK_INTERVAL);
            }
        }

        private void look() {
            long silentNanos = System.nanoTime() - aliveNanos;
            if (silentNanos > STUCK_AFTER.toNanos() && !told) {
                told = true;
                LOG.warn("client thread is stuck name={} stack={}", name, List.of(thread.getStackTrace()));
                recorder.write(nanos ->
                        new Event.ClientStuck(nanos, process, name, TimeUnit.NANOSECONDS.toSeconds(silentNanos)));
            }
        }
    }

    public ClientThreads(Recorder recorder) {
        this.recorder = recorder;
        watch = new Thread(this::watch, "watch-clients");
        watch.setDaemon(true);
        watch.start();
    }

    /** Starts a thread. */
    public Watched start(String name, int process, Step step) {
        Watched watched = new Watched(name, process, step);
        threads.add(watched);
        watched.thread.start();
        return watched;
    }

    private void watch() {
        while (!closed) {
            threads.forEach(Watched::look);
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost.toMillis());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all threads that still run. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watch);
        List.copyOf(threads).forEach(Watched::await);
    }
}

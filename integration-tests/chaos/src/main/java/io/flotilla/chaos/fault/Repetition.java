package io.flotilla.chaos.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something again and again while a fault is armed. A step that fails with a {@link RuntimeException} is not
 * counted, and the next one is tried: other faults may be armed, too.
 *
 * <p>Threading: the steps have a thread of their own; one other thread starts, asks and closes.
 */
public final class Repetition implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

    private final Runnable step;
    private final Duration pause;
    private final AtomicLong done = new AtomicLong();
    private final Thread thread = new Thread(this::run, "repeated-fault");
    private volatile String lastFailure = "none failed";
    private volatile boolean closed;

    private Repetition(Runnable step, Duration pause) {
        this.step = step;
        this.pause = pause;
    }

    /** @param pause after each step */
    public static Repetition start(Runnable step, Duration pause) {
        var repetition = new Repetition(step, pause);
        repetition.thread.setDaemon(true);
        repetition.thread.start();
        return repetition;
    }

    private void run() {
        while (!closed) {
            try {
                step.run();
                done.incrementAndGet();
            } catch (RuntimeException failure) {
                lastFailure = String.valueOf(failure.getMessage());
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Steps that were done. */
    public long done() {
        return done.get();
    }

    /** For messages: how the last step that failed did so. */
    public String lastFailure() {
        return lastFailure;
    }

    /**
     * Returns once no step is under way. May be called twice.
     *
     * @throws FaultException if a step does not end
     */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(END_TIMEOUT.toMillis());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new FaultException("a step has not ended within " + END_TIMEOUT.toSeconds() + " s");
        }
    }
}

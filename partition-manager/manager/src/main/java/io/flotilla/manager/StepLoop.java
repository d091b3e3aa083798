package io.flotilla.manager;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes steps: one after each wake, and one when the pause that the step before asked for is over. Wakes
 * that come before a step begins share that step.
 *
 * <p>Threading: {@link #wake} and {@link #close} may be called by any thread.
 */
final class StepLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepLoop.class);

    private final Step step;
    private final long pauseAfterBugMillis;
    private final ScheduledThreadPoolExecutor thread;
    private final String name;
    private @Nullable ScheduledFuture<?> next;
    private boolean closed;

    /** What is done again and again. */
    interface Step {
        /**
         * @param nowMillis from a clock that never goes back
         * @param wake      has another step taken after this one; may be kept and called by any thread
         * @return longest pause before the next step in milliseconds
         */
        long take(long nowMillis, Runnable wake);
    }

    /**
     * Starts with a first step.
     *
     * @param pauseAfterBugMillis pause after a step that threw
     */
    static StepLoop start(String threadName, long pauseAfterBugMillis, Step step) {
        StepLoop loop = new StepLoop(threadName, pauseAfterBugMillis, step);
        loop.wake();
        return loop;
    }

    private StepLoop(String threadName, long pauseAfterBugMillis, Step step) {
        this.name = threadName;
        this.step = step;
        this.pauseAfterBugMillis = pauseAfterBugMillis;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread worker = new Thread(work, threadName);
            worker.setDaemon(true);
            return worker;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true); // else a cancelled pause would stay queued until it is over
    }

    /** The clock that steps are told. */
    static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Has a step taken as soon as the present one, if any, is done. Does nothing once closed. */
    void wake() {
        schedule(0);
    }

    private synchronized void schedule(long delayMillis) {
        if (closed) {
            return;
        }
        ScheduledFuture<?> scheduled = next;
        if (scheduled != null) {
            if (scheduled.getDelay(TimeUnit.MILLISECONDS) <= delayMillis) {
                return; // an earlier step will do
            }
            scheduled.cancel(false);
        }
        next = thread.schedule(this::run, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void run() {
        synchronized (this) {
            next = null; // wakes from here on want another step
        }
        long pauseMillis = pauseAfterBugMillis;
        try {
            pauseMillis = step.take(nowMillis(), this::wake);
        } catch (RuntimeException bug) {
            LOG.error("a step of {} failed, next one in {} ms", name, pauseMillis, bug);
        }
        schedule(pauseMillis);
    }

    /** Waits for the step being taken. May be called twice, but not by a step. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        thread.shutdown(); // no interrupt: it would close the files a step is writing
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException whileWaiting) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.flotilla.broker.concurrent;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a body on an executor, never twice at once; after each {@link #wake} the body runs, whole, at least once more.
 * Wakes that come while it waits for its turn are one: at most one entry of the executor's queue is ever taken.
 *
 * <p>Threading: {@code wake} may be called by any thread and returns at once; what the body touches is confined to it.
 */
public final class WakeableTask {
    private static final Logger LOG = LoggerFactory.getLogger(WakeableTask.class);
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int RUNNING_AND_WOKEN = 2;

    private final Executor executor;
    private final Runnable body;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    public WakeableTask(Executor executor, Runnable body) {
        this.executor = executor;
        this.body = body;
    }

    public void wake() {
        int before = state.getAndUpdate(now -> now == IDLE ? RUNNING : RUNNING_AND_WOKEN);
        if (before == IDLE) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException shuttingDown) {
            // The broker is closing and has taken its executors down; nobody waits for this body any more.
            state.set(IDLE);
        }
    }

    private void run() {
        state.set(RUNNING); // wakes up to here are served by this run
        try {
            body.run();
        } catch (RuntimeException bug) { // outermost loop: the next wake must find the task alive
            LOG.error("a stream's task failed", bug);
        }
        if (!state.compareAndSet(RUNNING, IDLE)) {
            submit(); // again from the end of the queue, so that busy streams take turns
        }
    }
}

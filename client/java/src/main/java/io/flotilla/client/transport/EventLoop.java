package io.flotilla.client.transport;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon thread that runs events and timers, one at a time. An event that throws is a bug: it is logged, and the
 * loop goes on.
 *
 * <p>Threading: safe.
 */
public final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final AtomicInteger LOOPS = new AtomicInteger();

    private final ScheduledThreadPoolExecutor executor;
    private final Set<Timer> timers = ConcurrentHashMap.newKeySet();

    /** A task that runs later unless it is cancelled. */
    public final class Timer implements Runnable {
        private final Runnable task;
        private @Nullable Future<?> scheduled;

        private Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (timers.remove(this)) {
                guarded(task);
            }
        }

        public void cancel() {
            if (timers.remove(this) && scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }

    /**
     * @param name what the thread is called, in front of a number
     */
    public EventLoop(String name) {
        String threadName = name + "-" + LOOPS.incrementAndGet();
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the event soon; false, and never, if the loop is closed. */
    public boolean execute(Runnable event) {
        try {
            executor.execute(() -> guarded(event));
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** Runs the task after {@code delayNanos}, or when the loop is closed if that comes first. */
    public Timer schedule(Runnable task, long delayNanos) {
        Timer timer = new Timer(task);
        timers.add(timer);
        try {
            timer.scheduled = executor.schedule(timer, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            timer.run();
        }
        return timer;
    }

    /** Runs the action with the future's result or failure: on the loop, or, once that is closed, where it completes. */
    public <T> void after(CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> action) {
        // What the stage itself carries no longer matters: the action has seen it.
        CompletableFuture<T> unused = future.whenComplete((result, thrown) -> {
            if (!execute(() -> action.accept(result, thrown))) {
                guarded(() -> action.accept(result, thrown));
            }
        });
    }

    public boolean isClosed() {
        return executor.isShutdown();
    }

    /** Takes no more events, finishes those it has, and runs the waiting timers on this thread at once. */
    @Override
    public void close() {
        executor.shutdown();
        for (Timer timer : timers) {
            timer.run();
        }
    }

    /** Waits until the last event has run; false if {@code nanos} passed before. */
    public boolean awaitEnd(long nanos) throws InterruptedException {
        return executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // the thread's outermost loop
    private static void guarded(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error bug) {
            LOG.error("an event of the client failed; please report this", bug);
        }
    }
}

package io.flotilla.metadata;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One task on a thread of its own, run again after each wake. Wakes that come before the next run starts share that
 * run, so at most one is ever waiting, however slow the task is.
 */
final class ConflatedTask implements AutoCloseable {
    private final Runnable task;
    private final ThreadPoolExecutor thread;

    /** Starts no thread before the first wake. */
    ConflatedTask(String threadName, Runnable task) {
        this.task = task;
        // A full queue holds a run that has not begun, and it will see what this wake is about: nothing is lost.
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                work -> {
                    Thread worker = new Thread(work, threadName);
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Does nothing once closed. */
    void wake() {
        thread.execute(task);
    }

    /** Lets a run that has begun or waits come to its end, however long that takes. May be called twice. */
    @Override
    public void close() {
        thread.shutdown();
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

package io.flotilla.chaos.selftest;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Does trials, several at a time, in the order in which they are asked for. Which are done, and how, does not depend on how
 * many there are at a time; only the order in which they end does.
 *
 * <p>Threading: trials run on threads of their own, and are handed over on the caller's, one by one.
 */
final class ParallelTrials {
    private ParallelTrials() {}

    /** Does one trial. */
    @FunctionalInterface
    interface Doing {
        Trial take(TrialTask task) throws IOException;
    }

    /** Takes over a trial that is done. */
    @FunctionalInterface
    interface Done {
        void accept(Trial trial) throws IOException;
    }

    /**
     * Returns when all are done. After a failure no more are begun; it is thrown once those under way have ended, so that
     * their clusters are gone.
     *
     * @param parallel at a time, 1 or more
     * @throws IOException if one of them, or what takes them over, fails so
     */
    static void run(List<TrialTask> tasks, int parallel, Doing doing, Done done) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(parallel);
        try {
            CompletionService<Trial> ended = new ExecutorCompletionService<>(threads);
            Iterator<TrialTask> open = tasks.iterator();
            @Nullable Throwable failure = null;
            int running = 0;
            while (running > 0 || (open.hasNext() && failure == null)) {
                while (running < parallel && open.hasNext() && failure == null) {
                    TrialTask task = open.next();
                    ended.submit(() -> doing.take(task));
                    running++;
                }
                try {
                    Trial trial = ended.take().get();
                    running--;
                    done.accept(trial);
                } catch (ExecutionException failed) {
                    running--;
                    failure = failed.getCause();
                } catch (IOException failed) {
                    failure = failed;
                }
            }
            if (failure instanceof IOException failed) {
                throw failed;
            }
            if (failure != null) {
                throw new IllegalStateException("a trial failed: " + failure.getMessage(), failure);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while trials were under way", interruption);
        } finally {
            threads.shutdown();
        }
    }
}

package io.flotilla.raftlog.partition;

/** Runs what makes partitions durable beside the threads that apply. */
interface Flusher {
    /** Stops the repetition; a run on its way goes on. */
    interface Repetition {
        void stop();
    }

    /**
     * Runs a task again and again, the flush interval between two runs.
     *
     * @param task must not throw
     * @param seed spreads the first runs of many tasks over the interval
     */
    Repetition repeat(Runnable task, int seed);

    /**
     * Runs a task soon; not at all once this is closed, when each state makes itself durable as it closes.
     *
     * @param task must not throw
     */
    void soon(Runnable task);
}

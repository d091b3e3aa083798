package io.flotilla.chaos.history;

/**
 * Time since a run began, on one monotonic clock: the {@code nanos} of every event.
 *
 * <p>Threading: for any number of threads.
 */
public final class RunClock {
    private final long began = System.nanoTime();

    /** Nanoseconds since this clock was made. */
    public long nanos() {
        return System.nanoTime() - began;
    }
}

package io.flotilla.raftlog.partition;

/**
 * The time by which records expire. It follows the wall clock, but goes forward at most {@link #SPEED_MAX} times as
 * fast as time runs: when the wall clock of a broker is set wrong by days, records do not expire at once, and whoever
 * notices has days to correct it. A clock that is set back is followed at once, as that only keeps records longer.
 *
 * <p>Threading: confined to one thread.
 */
final class SlewedClock {
    /** Speed at which the wall clock is caught up with. */
    static final int SPEED_MAX = 2;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private long nowMillis;
    private long readAtNanos;

    /**
     * @param wallMillis the wall clock, which is trusted this once, milliseconds since the epoch
     * @param nanos      a clock that only ever runs, in nanoseconds
     */
    SlewedClock(long wallMillis, long nanos) {
        this.nowMillis = wallMillis;
        this.readAtNanos = nanos;
    }

    /** Milliseconds since the epoch, never ahead of the wall clock. */
    long now(long wallMillis, long nanos) {
        long elapsedMillis = (nanos - readAtNanos) / NANOS_PER_MILLI;
        readAtNanos += elapsedMillis * NANOS_PER_MILLI;
        nowMillis = Math.min(wallMillis, nowMillis + SPEED_MAX * elapsedMillis);
        return nowMillis;
    }
}

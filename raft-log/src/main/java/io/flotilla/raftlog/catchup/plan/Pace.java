package io.flotilla.raftlog.catchup.plan;

/** Spreads bytes over time: who wants to move some is told how long to wait before. Holds no clock of its own. */
public final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long bytesPerSecond;
    private long freeAtNanos;

    /**
     * @param bytesPerSecond 1 or more
     */
    public Pace(long bytesPerSecond, long nowNanos) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond " + bytesPerSecond + " is below 1");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.freeAtNanos = nowNanos;
    }

    /**
     * Takes the next place in line. Time in which nothing was asked for is not saved up.
     *
     * @param bytes 0 to 1 GiB
     * @return nanoseconds to wait before moving them
     */
    public long reserve(int bytes, long nowNanos) {
        long start = Math.max(0, freeAtNanos - nowNanos);
        freeAtNanos = nowNanos + start + bytes * NANOS_PER_SECOND / bytesPerSecond;
        return start;
    }
}

package io.flotilla.raftlog.partition;

import java.util.concurrent.atomic.LongAdder;

/**
 * How far the looks at stored batches have come since the process started.
 *
 * <p>Threading: the scrubber writes, any thread reads.
 */
public final class ScrubProgress {
    private final LongAdder checkedBytes = new LongAdder();
    private final LongAdder rounds = new LongAdder();
    private volatile long lastRoundEndedMillis;

    void checked(long bytes) {
        checkedBytes.add(bytes);
    }

    void roundEnded(long nowMillis) {
        lastRoundEndedMillis = nowMillis;
        rounds.increment();
    }

    /** Bytes of segments that were read and checked. */
    public long checkedBytes() {
        return checkedBytes.sum();
    }

    /** Looks at all replicas that came to their end. */
    public long rounds() {
        return rounds.sum();
    }

    /** When the last of them ended, in milliseconds since the epoch; 0 before the first. */
    public long lastRoundEndedMillis() {
        return lastRoundEndedMillis;
    }
}

package io.flotilla.benchmarks.failover;

import java.util.Optional;

/**
 * What the acknowledgements of one partition tell of a change of its leader: when the first one of a newer leader came, and
 * the longest time without any from the beginning up to that one. The time before the first acknowledgement counts from the
 * last one before the beginning, as a writer would see it.
 *
 * <p>Threading: none; times are those of {@link System#nanoTime}.
 */
final class LeaderChange {
    private final int epochBefore;
    private long lastNanos;
    private long longestGapNanos;
    private boolean changed;

    /**
     * @param epoch          highest leader epoch that was heard of before
     * @param lastAckedNanos when the last acknowledgement came
     */
    LeaderChange(int epoch, long lastAckedNanos) {
        epochBefore = epoch;
        lastNanos = lastAckedNanos;
    }

    /**
     * The first acknowledgement of a newer leader.
     *
     * @param ackedNanos      when it came
     * @param longestGapNanos nanoseconds between the two acknowledgements, up to this one, that were furthest apart
     */
    record Seen(long ackedNanos, long longestGapNanos) {}

    void acknowledged(int epoch, long nowNanos) {
        if (changed) {
            return;
        }
        longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
        lastNanos = nowNanos;
        // An answer that the old leader had given before its trouble says nothing of the new one.
        changed = epoch > epochBefore;
    }

    /** Empty as long as no newer leader has acknowledged anything. */
    Optional<Seen> seen() {
        return changed ? Optional.of(new Seen(lastNanos, longestGapNanos)) : Optional.empty();
    }
}

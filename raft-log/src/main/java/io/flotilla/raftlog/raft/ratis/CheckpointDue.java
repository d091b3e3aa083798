package io.flotilla.raftlog.raft.ratis;

import io.flotilla.raftlog.raft.RaftSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when a group's next checkpoint is due: enough bytes applied since the last, or anything applied and enough time.
 *
 * <p>Threading: safe for all threads.
 */
final class CheckpointDue {
    private final long intervalNanos;
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean appliedSince;
    private volatile long takenNanos;

    /**
     * @param spread any number that differs between groups, so that their first checkpoints do not fall together
     */
    CheckpointDue(RaftSettings.Checkpoints settings, int spread, long nowNanos) {
        this.intervalNanos = settings.interval().toNanos();
        this.bytesMax = settings.bytes();
        this.takenNanos = nowNanos - Math.floorMod((long) spread, Math.max(1, intervalNanos / 2));
    }

    /** Returns whether these bytes made the checkpoint due: once for each. */
    boolean applied(int entryBytes) {
        if (!appliedSince) {
            appliedSince = true;
        }
        long now = bytes.addAndGet(entryBytes);
        return now >= bytesMax && now - entryBytes < bytesMax;
    }

    boolean isDue(long nowNanos) {
        return appliedSince && (bytes.get() >= bytesMax || nowNanos - takenNanos >= intervalNanos);
    }

    void taken(long nowNanos) {
        appliedSince = false;
        bytes.set(0);
        takenNanos = nowNanos;
    }
}

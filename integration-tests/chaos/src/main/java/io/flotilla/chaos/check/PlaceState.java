package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Place;
import java.util.TreeSet;

/** What pass A knows about one partition, and the tuples it keeps for pass B. */
final class PlaceState {
    /** Flags of tuples and of slots: where a value was seen at an offset. */
    static final int ACKED = 1;

    static final int POLLED = 2;
    static final int FINAL = 4;
    static final int REPLICA = 8;

    /** In the place of an offset of a send's tuple: it has definitely failed, or its outcome is not known. */
    static final long FAILED = -1;

    static final long MAYBE = -2;

    /** Offsets are audited in windows of this many, whatever a log's length. */
    static final int WINDOW_BITS = 23;

    final Place place;

    /** Sends that have ended: value with {@link #ACKED}, and offset or {@link #FAILED} or {@link #MAYBE}. */
    final Spill.Stream sends;

    /** Records that were read: value with a flag, and offset. */
    final Spill.Stream claims;

    /** The highest offset of an acknowledged send. */
    long ackedMax = -1;

    /** Offsets known to be below the high watermark: acknowledged, polled, or below an end that was read. */
    final FloorHistory committed = new FloorHistory();

    /** Offsets known to be removed: log start offsets that were read or asked for with success. */
    final FloorHistory starts = new FloorHistory();

    /** Beginnings that were ever asked for by a trim, whatever came of it. */
    long trimAskedMax = -1;

    final FinalShape shape = new FinalShape();
    final TreeSet<Long> windows = new TreeSet<>();
    private long lastWindow = -1;

    PlaceState(Place place, Spill spill) {
        this.place = place;
        this.sends = spill.stream();
        this.claims = spill.stream();
    }

    void acked(long value, long offset) {
        sends.add(Value.flagged(value, ACKED), offset);
        touch(offset);
        ackedMax = Math.max(ackedMax, offset);
    }

    void claim(long value, int flag, long offset) {
        claims.add(Value.flagged(value, flag), offset);
        touch(offset);
    }

    private void touch(long offset) {
        long window = offset >> WINDOW_BITS;
        if (window != lastWindow) {
            windows.add(window);
            lastWindow = window;
        }
    }
}

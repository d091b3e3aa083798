package io.flotilla.chaos.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who says what about the offsets of one window: the first value named for an offset in an array, with flags of who named
 * it; further values of the same offset, of which there should be none, in a map beside it.
 */
final class ClaimWindow {
    /** Offsets with more than one value that are told apart; beyond, they are only counted. */
    private static final int CONFLICTS_MAX = 10_000;

    private static final int VALUES_PER_OFFSET_MAX = 8;
    private static final int SIZE = 1 << PlaceState.WINDOW_BITS;

    /** Takes all values of one offset; the array is used again. */
    interface Offsets {
        void accept(long offset, long[] values, int count);
    }

    private final Map<Integer, List<Long>> conflicts = new HashMap<>();
    private final long[] single = new long[1];
    private long[] slots = new long[1 << 12];
    private long base;
    private int used;

    /** Begins a window, empty. */
    void open(long window) {
        Arrays.fill(slots, 0, used, 0);
        used = 0;
        conflicts.clear();
        base = window << PlaceState.WINDOW_BITS;
    }

    /** Adds a value, flagged, unless the offset lies outside of this window. */
    void claim(long flagged, long offset) {
        long distance = offset - base;
        if (distance < 0 || distance >= SIZE) {
            return;
        }
        int slot = (int) distance;
        if (slot >= used) {
            used = slot + 1;
            if (used > slots.length) {
                slots = Arrays.copyOf(slots, Math.min(SIZE, Math.max(used, 2 * slots.length)));
            }
        }
        long there = slots[slot];
        if (there == 0) {
            slots[slot] = flagged;
        } else if (Value.name(there) == Value.name(flagged)) {
            slots[slot] = there | flagged;
        } else {
            conflict(slot, flagged);
        }
    }

    private void conflict(int slot, long flagged) {
        @Nullable List<Long> others = conflicts.get(slot);
        if (others == null) {
            if (conflicts.size() >= CONFLICTS_MAX) {
                return; // the verdict is clear, and memory bounded
            }
            others = new ArrayList<>();
            conflicts.put(slot, others);
        }
        for (int i = 0; i < others.size(); i++) {
            if (Value.name(others.get(i)) == Value.name(flagged)) {
                others.set(i, others.get(i) | flagged);
                return;
            }
        }
        if (others.size() < VALUES_PER_OFFSET_MAX) {
            others.add(flagged);
        }
    }

    /** All offsets with values, in order. */
    void forEach(Offsets offsets) {
        for (int slot = 0; slot < used; slot++) {
            long flagged = slots[slot];
            if (flagged == 0) {
                continue;
            }
            @Nullable List<Long> others = conflicts.isEmpty() ? null : conflicts.get(slot);
            if (others == null) {
                single[0] = flagged;
                offsets.accept(base + slot, single, 1);
            } else {
                long[] values = new long[1 + others.size()];
                values[0] = flagged;
                for (int i = 0; i < others.size(); i++) {
                    values[1 + i] = others.get(i);
                }
                offsets.accept(base + slot, values, values.length);
            }
        }
    }
}

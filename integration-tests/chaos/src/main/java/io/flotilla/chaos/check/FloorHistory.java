package io.flotilla.chaos.check;

import java.util.Arrays;

/**
 * What a growing bound was at times in the past: exactly for the last changes, coarsely, and then never too high, for
 * some tens of seconds. A read is judged when it ends by what held when it began.
 */
final class FloorHistory {
    /** The answer for a time further back than this reaches. */
    static final long FORGOTTEN = Long.MIN_VALUE;

    private static final int FINE_MAX = 1_024;
    private static final int COARSE_MAX = 2_048;
    private static final long COARSE_NANOS = 20_000_000;

    private final Ring fine = new Ring(FINE_MAX);
    private final Ring coarse = new Ring(COARSE_MAX);
    private long value = -1;

    /** From this time on the bound is at least this. Times do not go back; a lower value changes nothing. */
    void raise(long nanos, long bound) {
        if (bound <= value) {
            return;
        }
        value = bound;
        fine.add(nanos, bound);
        if (coarse.isEmpty() || nanos - coarse.lastNanos() >= COARSE_NANOS) {
            coarse.add(nanos, bound);
        }
    }

    /** The newest bound, -1 at first. */
    long now() {
        return value;
    }

    /** A bound that held before this time: the highest known, -1 if there was none, or {@link #FORGOTTEN}. */
    long before(long nanos) {
        long found = fine.before(nanos);
        return found != FORGOTTEN ? found : coarse.before(nanos);
    }

    private static final class Ring {
        private final int max;
        private long[] times = new long[8];
        private long[] values = new long[8];
        private int head;
        private int size;
        private boolean dropped;

        private Ring(int max) {
            this.max = max;
        }

        private boolean isEmpty() {
            return size == 0;
        }

        private long lastNanos() {
            return times[head + size - 1 & times.length - 1];
        }

        private void add(long nanos, long value) {
            if (size == times.length) {
                if (size < max) { // it has never wrapped: head is 0
                    times = Arrays.copyOf(times, 2 * size);
                    values = Arrays.copyOf(values, 2 * size);
                } else {
                    head = head + 1 & times.length - 1;
                    size--;
                    dropped = true;
                }
            }
            int slot = head + size & times.length - 1;
            times[slot] = nanos;
            values[slot] = value;
            size++;
        }

        private long before(long nanos) {
            int low = 0;
            int high = size; // the first entry that is not before
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[head + middle & times.length - 1] < nanos) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            if (low == 0) {
                return dropped ? FORGOTTEN : -1;
            }
            return values[head + low - 1 & times.length - 1];
        }
    }
}

package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The final reads of one partition by node, apart from their values: bounds, and from where to where records came. */
final class FinalShape {
    /** One node's. */
    static final class Copy {
        long first = -1;
        long firstNanos;
        long last = -1;
        long lastTimestamp = Long.MIN_VALUE;

        @Nullable
        FinalBounds bounds;

        /** Bounds are written once a read has come to its end: records alone are a read that broke off. */
        boolean isWhole() {
            return bounds != null;
        }

        boolean hasRecords() {
            return first >= 0;
        }

        /** The offset behind the last one; that of the bounds if there are any. */
        long end() {
            return bounds != null ? bounds.logEnd() : last + 1;
        }

        /**
         * The first offset that must be there.
         *
         * @param mayMove whether records may vanish from the beginning: between the reads of the bounds and of the first
         *                record some may have
         */
        long start(boolean mayMove) {
            if (bounds == null) {
                return Math.max(first, 0);
            }
            return mayMove && hasRecords() && bounds.nanos() < firstNanos
                    ? Math.max(first, bounds.logStart())
                    : bounds.logStart();
        }
    }

    private final Map<Integer, Copy> copies = new TreeMap<>();

    Copy copy(int node) {
        return copies.computeIfAbsent(node, ignored -> new Copy());
    }

    Map<Integer, Copy> copies() {
        return copies;
    }

    /** What a client read, which is what counts as the log; null if nobody did. */
    @Nullable
    Copy leader() {
        return copies.get(FinalRead.FROM_LEADER);
    }
}

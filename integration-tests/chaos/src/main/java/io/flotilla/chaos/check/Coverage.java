package io.flotilla.chaos.check;

import java.util.Map;
import java.util.TreeMap;

/** Which offsets of a partition were read, as ranges that grow together; from a start that may be set anew. */
final class Coverage {
    private final TreeMap<Long, Long> ranges = new TreeMap<>(); // from inclusive, to exclusive, apart from one another
    private long start = -1;

    boolean hasStart() {
        return start >= 0;
    }

    /** Forgets everything: what matters begins here. */
    void restart(long offset) {
        ranges.clear();
        start = offset;
    }

    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long begin = from;
        long end = to;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            if (before.getValue() >= to) {
                return;
            }
            begin = before.getKey();
        }
        Map.Entry<Long, Long> next = ranges.higherEntry(begin);
        while (next != null && next.getKey() <= end) {
            end = Math.max(end, next.getValue());
            ranges.remove(next.getKey());
            next = ranges.higherEntry(begin);
        }
        ranges.put(begin, end);
    }

    /** The first offset from the start on that is not covered; {@code limit} if there is none below it. */
    long firstHole(long limit) {
        if (start < 0 || start >= limit) {
            return limit;
        }
        Map.Entry<Long, Long> first = ranges.floorEntry(start);
        return first == null || first.getValue() <= start ? start : Math.min(limit, first.getValue());
    }

    /** Where the hole that begins at an offset ends; {@code limit} if it goes beyond it. */
    long endOfHole(long hole, long limit) {
        Long next = ranges.higherKey(hole);
        return next == null ? limit : Math.min(limit, next);
    }
}

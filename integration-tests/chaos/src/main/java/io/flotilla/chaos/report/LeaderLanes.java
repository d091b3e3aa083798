package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who led which partition when.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class LeaderLanes {
    /** Changes of one partition that are kept; those that come later are counted only. */
    private static final int CHANGES_MAX = 10_000;

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::topic).thenComparingInt(Place::partition);

    private final SortedMap<Place, List<Reign>> lanes = new TreeMap<>(ORDER);
    private long changes;

    /** From a time on, a node leads in a term. */
    record Reign(long startNanos, int term, int node) {}

    void seen(long nanos, Place place, int term, int node) {
        List<Reign> lane = lanes.computeIfAbsent(place, unused -> new ArrayList<>());
        if (!lane.isEmpty()) {
            Reign last = lane.get(lane.size() - 1);
            if (term < last.term() || (term == last.term() && node == last.node())) {
                return; // heard late, or again
            }
            changes += node == last.node() ? 0 : 1;
        }
        if (lane.size() < CHANGES_MAX) {
            lane.add(new Reign(nanos, term, node));
        }
    }

    /** How often a partition got another node for its leader. */
    long changes() {
        return changes;
    }

    SortedMap<Place, List<Reign>> lanes() {
        return lanes;
    }
}

package io.flotilla.chaos.sim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.raftlog.partition.AppendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What producers and readers of a simulation asked, and what they were answered. What contradicts itself is a violation
 * at once; {@link SimJudge} compares the rest with the logs at the end.
 *
 * <p>Threading: safe for all threads.
 */
final class SimHistory {
    private static final int VIOLATIONS_MAX = 32;

    @GuardedBy("this")
    private final Map<Integer, Long> sent = new HashMap<>();

    @GuardedBy("this")
    private final Map<Long, ValueId> acknowledged = new TreeMap<>();

    @GuardedBy("this")
    private final Map<Long, ValueId> read = new TreeMap<>();

    @GuardedBy("this")
    private final Map<Long, Integer> leaders = new HashMap<>();

    @GuardedBy("this")
    private final List<String> violations = new ArrayList<>();

    /** Highest offset acknowledged: what is appended from now on must come behind it, and what is read now must see it. */
    @GuardedBy("this")
    private long floor = -1;

    @GuardedBy("this")
    private long trimmedTo;

    /**
     * Values are about to be sent for the first time.
     *
     * @return the floor: their offsets must be higher
     */
    synchronized long sending(int producer, long lastSequence) {
        sent.put(producer, lastSequence);
        return floor;
    }

    synchronized void acknowledged(int producer, long firstSequence, int count, AppendResult result, long floorBefore) {
        if (result.lastOffset() - result.baseOffset() + 1 != count) {
            violated("a batch of " + count + " values of producer " + producer + " was acknowledged as " + result);
        }
        if (result.baseOffset() <= floorBefore) {
            violated("value " + producer + "/" + firstSequence + " was acknowledged at offset " + result.baseOffset()
                    + ", and offset " + floorBefore + " before it was sent");
        }
        for (int i = 0; i < count; i++) {
            ValueId value = new ValueId(producer, firstSequence + i);
            ValueId before = acknowledged.put(result.baseOffset() + i, value);
            if (before != null) {
                violated("offset " + (result.baseOffset() + i) + " was acknowledged for " + before + " and " + value);
            }
        }
        floor = Math.max(floor, result.lastOffset());
    }

    synchronized void read(int node, long offset, ValueId value) {
        if (value.equals(ValueId.UNRECOGNISED)) {
            violated("node " + node + " has at offset " + offset + " what nobody has sent");
        }
        ValueId before = read.putIfAbsent(offset, value);
        if (before != null && !before.equals(value)) {
            violated("offset " + offset + " was read as " + before + ", and from node " + node + " as " + value);
        }
    }

    /** A read barrier was asked for at a floor, and passed at a high watermark. */
    synchronized void barrierPassed(int node, long floorBefore, long highWatermark) {
        if (highWatermark <= floorBefore) {
            violated("node " + node + " read up to " + highWatermark + " behind a barrier, and offset " + floorBefore
                    + " was acknowledged before it");
        }
    }

    /** A node acknowledged, or says that it leads, in a term. */
    synchronized void led(int node, long term) {
        Integer before = leaders.putIfAbsent(term, node);
        if (before != null && before != node) {
            violated("nodes " + before + " and " + node + " both led in term " + term);
        }
    }

    /** Records before an offset may be gone from now on. */
    synchronized void trimming(long offset) {
        trimmedTo = Math.max(trimmedTo, offset);
    }

    synchronized void violated(String what) {
        if (violations.size() < VIOLATIONS_MAX) {
            violations.add(what);
        }
    }

    synchronized boolean isViolated() {
        return !violations.isEmpty();
    }

    synchronized long floor() {
        return floor;
    }

    synchronized int terms() {
        return leaders.size();
    }

    /** All of it, as it is now. */
    synchronized Facts facts() {
        return new Facts(sent, acknowledged, read, trimmedTo, violations);
    }

    /**
     * What is known at the end.
     *
     * @param sent         highest sequence by producer
     * @param acknowledged values by offset
     * @param read         values by offset
     * @param trimmedTo    records before it may be gone
     * @param violations   found already
     */
    record Facts(
            Map<Integer, Long> sent,
            Map<Long, ValueId> acknowledged,
            Map<Long, ValueId> read,
            long trimmedTo,
            List<String> violations) {
        Facts {
            sent = Map.copyOf(sent);
            acknowledged = new TreeMap<>(acknowledged);
            read = new TreeMap<>(read);
            violations = List.copyOf(violations);
        }
    }
}

package io.flotilla.chaos.fault;

import java.util.HashMap;
import java.util.Map;

/**
 * Brokers that faults allow to end by themselves, as often as there are such faults: while one is excused, a start that
 * fails is no news.
 *
 * <p>Threading: safe.
 */
public final class Excuses {
    private final Map<Integer, Integer> reasons = new HashMap<>();

    synchronized void add(int broker) {
        reasons.merge(broker, 1, Integer::sum);
    }

    synchronized void remove(int broker) {
        reasons.computeIfPresent(broker, (id, count) -> count > 1 ? count - 1 : null);
    }

    synchronized boolean has(int broker) {
        return reasons.containsKey(broker);
    }
}

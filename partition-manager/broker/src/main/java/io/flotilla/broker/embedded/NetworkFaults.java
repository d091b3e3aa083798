package io.flotilla.broker.embedded;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is broken between the brokers of an embedded cluster, and what that means for one end of a connection. Immutable.
 *
 * @param dead   brokers whose connections end at once
 * @param paused brokers that neither send nor receive anything
 * @param cuts   pairs of brokers between which nothing goes
 */
record NetworkFaults(Set<Integer> dead, Set<Integer> paused, Set<Pair> cuts) {
    static final NetworkFaults NONE = new NetworkFaults(Set.of(), Set.of(), Set.of());

    NetworkFaults {
        dead = Set.copyOf(dead);
        paused = Set.copyOf(paused);
        cuts = Set.copyOf(cuts);
    }

    /** Two brokers, the lower id first. */
    record Pair(int low, int high) {
        static Pair of(int one, int other) {
            return new Pair(Math.min(one, other), Math.max(one, other));
        }
    }

    /** What becomes of a connection. */
    enum Fate {
        OPEN,
        HELD,
        RESET
    }

    /**
     * @param broker whose end it is
     * @param other  the broker at the other end; empty for a client
     */
    Fate of(int broker, OptionalInt other) {
        if (dead.contains(broker)) {
            return Fate.RESET;
        }
        boolean cut = other.isPresent() && cuts.contains(Pair.of(broker, other.getAsInt()));
        boolean otherPaused = other.isPresent() && paused.contains(other.getAsInt());
        return cut || otherPaused || paused.contains(broker) ? Fate.HELD : Fate.OPEN;
    }

    NetworkFaults withDead(int broker, boolean is) {
        return new NetworkFaults(changed(dead, broker, is), paused, cuts);
    }

    NetworkFaults withPaused(int broker, boolean is) {
        return new NetworkFaults(dead, changed(paused, broker, is), cuts);
    }

    NetworkFaults withCut(int one, int other, boolean is) {
        return new NetworkFaults(dead, paused, changed(cuts, Pair.of(one, other), is));
    }

    private static <T> Set<T> changed(Set<T> before, T element, boolean in) {
        Set<T> after = new HashSet<>(before);
        if (in) {
            after.add(element);
        } else {
            after.remove(element);
        }
        return after;
    }
}

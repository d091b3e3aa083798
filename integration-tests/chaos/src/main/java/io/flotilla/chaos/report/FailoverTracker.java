package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.FaultStep;
import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures for each fault how long the partitions led by the nodes it struck took to acknowledge again.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class FailoverTracker {
    private final List<Strike> strikes = new ArrayList<>();
    private final Map<Place, List<Strike>> waiting = new HashMap<>();

    private static final class Strike {
        private final FaultStep armed;
        private final int partitions;
        private final List<Long> nanos = new ArrayList<>();

        private Strike(FaultStep armed, int partitions) {
            this.armed = armed;
            this.partitions = partitions;
        }

        private Failover failover() {
            return FailoverTracker.failover(armed.episode(), armed.fault(), partitions, nanos);
        }

    }

    private static Failover failover(int episode, String fault, int partitions, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return new Failover(
                episode,
                fault,
                partitions,
                sorted.size(),
                millisAt(sorted, 0.5),
                millisAt(sorted, 0.99),
                millisAt(sorted, 1));
    }

    /** The smallest value that at least this part of all do not exceed. */
    private static double millisAt(List<Long> sorted, double part) {
        if (sorted.isEmpty()) {
            return -1;
        }
        int rank = (int) Math.ceil(part * sorted.size());
        return sorted.get(Math.max(1, rank) - 1) / 1e6;
    }

    /** @param led partitions that the struck nodes lead */
    void armed(FaultStep step, List<Place> led) {
        if (led.isEmpty()) {
            return;
        }
        var strike = new Strike(step, led.size());
        strikes.add(strike);
        for (Place place : led) {
            waiting.computeIfAbsent(place, unused -> new ArrayList<>()).add(strike);
        }
    }

    void acknowledged(Place place, long invokedNanos, long nanos) {
        List<Strike> of = waiting.get(place);
        if (of == null) {
            return;
        }
        Iterator<Strike> all = of.iterator();
        while (all.hasNext()) {
            Strike strike = all.next();
            if (invokedNanos >= strike.armed.nanos()) {
                strike.nanos.add(nanos - strike.armed.nanos());
                all.remove();
            }
        }
        if (of.isEmpty()) {
            waiting.remove(place);
        }
    }

    List<Failover> finish() {
        return strikes.stream().map(Strike::failover).toList();
    }

    /** Over all faults of one kind together, in the order of {@code N1} to {@code N28}; their episode is 0. */
    List<Failover> finishByKind() {
        SortedMap<String, List<Strike>> kinds = new TreeMap<>(FaultBars.BY_CODE);
        strikes.forEach(strike -> kinds.computeIfAbsent(strike.armed.fault(), unused -> new ArrayList<>())
                .add(strike));
        List<Failover> all = new ArrayList<>();
        kinds.forEach((fault, of) -> all.add(failover(
                0,
                fault,
                of.stream().mapToInt(strike -> strike.partitions).sum(),
                of.stream().flatMap(strike -> strike.nanos.stream()).toList())));
        return all;
    }
}

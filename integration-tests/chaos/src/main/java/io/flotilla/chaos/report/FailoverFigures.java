package io.flotilla.chaos.report;

import io.flotilla.chaos.run.Failovers;
import io.flotilla.chaos.run.Failovers.Failover;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How long partitions were without after faults struck their leaders.
 *
 * @param episode    of the fault, 0 for all faults of a kind together
 * @param partitions that the struck nodes led
 * @param recovered  of these, those that acknowledged something again
 * @param p50Millis  over the recovered ones, -1 if there are none, as are the next two
 */
public record FailoverFigures(
        int episode,
        String fault,
        int partitions,
        int recovered,
        double p50Millis,
        double p99Millis,
        double maxMillis) {
    private record Strike(int episode, String fault) {}

    private static final Comparator<Strike> BY_FAULT_THEN_EPISODE =
            Comparator.comparing(Strike::fault, FaultBars.BY_CODE).thenComparingInt(Strike::episode);

    /** Fault by fault, in the order of episodes. */
    static List<FailoverFigures> byFault(List<Failover> found) {
        return of(
                found,
                failover -> new Strike(failover.episode(), failover.fault()),
                Comparator.comparingInt(Strike::episode).thenComparing(Strike::fault, FaultBars.BY_CODE));
    }

    /** Kind by kind, in the order of {@code N1} to {@code N28}. */
    static List<FailoverFigures> byKind(List<Failover> found) {
        return of(found, failover -> new Strike(0, failover.fault()), BY_FAULT_THEN_EPISODE);
    }

    private static List<FailoverFigures> of(
            List<Failover> found, Function<Failover, Strike> strikeOf, Comparator<Strike> order) {
        SortedMap<Strike, List<Long>> strikes = new TreeMap<>(order);
        for (Failover failover : found) {
            strikes.computeIfAbsent(strikeOf.apply(failover), unused -> new ArrayList<>())
                    .add(failover.millis());
        }
        List<FailoverFigures> all = new ArrayList<>();
        strikes.forEach((strike, millis) -> all.add(of(strike, millis)));
        return List.copyOf(all);
    }

    private static FailoverFigures of(Strike strike, List<Long> millis) {
        List<Long> sorted =
                millis.stream().filter(each -> each != Failovers.NEVER).sorted().toList();
        return new FailoverFigures(
                strike.episode(),
                strike.fault(),
                millis.size(),
                sorted.size(),
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 1));
    }

    /** The smallest value that at least this part of all do not exceed. */
    private static double at(List<Long> sorted, double part) {
        if (sorted.isEmpty()) {
            return -1;
        }
        int rank = (int) Math.ceil(part * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }
}

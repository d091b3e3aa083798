package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Calls of one kind, matched with their answers.
 *
 * <p>Threading: confined to the reader of the history.
 */
final class Calls {
    /** Of calls that were never answered the oldest are given up beyond it. */
    private static final int OPEN_MAX = 1_000_000;

    private final String kind;
    private final Histogram latencies = SecondSeries.histogram();
    private final Map<Outcome, Long> outcomes = new HashMap<>();
    private final Map<Call, Open> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Call, Open> eldest) {
            return size() > OPEN_MAX;
        }
    };
    private long invoked;

    private record Call(int caller, long op) {}

    /** When and where it was asked for. */
    record Open(long nanos, Place place) {}

    Calls(String kind) {
        this.kind = kind;
    }

    void invoked(int caller, long op, long nanos, Place place) {
        invoked++;
        open.put(new Call(caller, op), new Open(nanos, place));
    }

    /** @return the call that was answered; empty if it is not in the history */
    Optional<Open> completed(int caller, long op, long nanos, Outcome outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
        Optional<Open> call = Optional.ofNullable(open.remove(new Call(caller, op)));
        if (outcome == Outcome.OK) {
            call.ifPresent(of -> latencies.recordValue(SecondSeries.micros(nanos - of.nanos())));
        }
        return call;
    }

    CallFigures finish() {
        boolean any = latencies.getTotalCount() > 0;
        long answered = outcomes.values().stream().mapToLong(count -> count).sum();
        return new CallFigures(
                kind,
                outcomes.getOrDefault(Outcome.OK, 0L),
                outcomes.getOrDefault(Outcome.FAIL, 0L),
                outcomes.getOrDefault(Outcome.INFO, 0L),
                Math.max(0, invoked - answered),
                any ? latencies.getValueAtPercentile(50) : -1,
                any ? latencies.getValueAtPercentile(99) : -1,
                any ? latencies.getValueAtPercentile(99.9) : -1,
                any ? latencies.getMaxValue() : -1);
    }
}

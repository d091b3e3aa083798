package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the checks have found: counts, the first examples of each, what each has looked at, and what it cannot tell. */
final class Violations {
    private final Map<CheckId, long[]> counts = new EnumMap<>(CheckId.class);
    private final Map<CheckId, List<Violation>> examples = new EnumMap<>(CheckId.class);
    private final Map<CheckId, long[]> judged = new EnumMap<>(CheckId.class);
    private final Map<CheckId, Map<String, Long>> notes = new EnumMap<>(CheckId.class);
    private final Map<CheckId, Map<String, Long>> unknowns = new EnumMap<>(CheckId.class);

    Violations() {
        for (CheckId id : CheckId.values()) {
            counts.put(id, new long[1]);
            judged.put(id, new long[1]);
        }
    }

    /** A violation seen in pass A. */
    void add(CheckId id, long nanos, String text) {
        add(id, nanos, null, -1, 0, text);
    }

    /** A violation about a record, whose story is told later. */
    void add(CheckId id, long nanos, @Nullable Place place, long offset, long value, String text) {
        counter(counts, id)[0]++;
        List<Violation> list = examples.computeIfAbsent(id, ignored -> new ArrayList<>());
        if (list.size() < CheckResult.EXAMPLES_MAX) {
            list.add(new Violation(id, text, nanos, place, offset, value));
        }
    }

    /** The check has something to judge. */
    void judged(CheckId id) {
        counter(judged, id)[0]++;
    }

    void judged(CheckId id, long count) {
        counter(judged, id)[0] += count;
    }

    /** Something worth telling that is no violation; counted by its text. */
    void note(CheckId id, String text) {
        notes.computeIfAbsent(id, ignored -> new TreeMap<>()).merge(text, 1L, Long::sum);
    }

    void note(CheckId id, String text, long count) {
        notes.computeIfAbsent(id, ignored -> new TreeMap<>()).merge(text, count, Long::sum);
    }

    /** The check cannot tell; counted by its text. */
    void unknown(CheckId id, String text) {
        unknowns.computeIfAbsent(id, ignored -> new TreeMap<>()).merge(text, 1L, Long::sum);
    }

    long count(CheckId id) {
        return counter(counts, id)[0];
    }

    long judgedCount(CheckId id) {
        return counter(judged, id)[0];
    }

    boolean isUnknown(CheckId id) {
        return unknowns.containsKey(id);
    }

    List<Violation> examples(CheckId id) {
        return examples.getOrDefault(id, List.of());
    }

    boolean isEmpty() {
        return examples.isEmpty();
    }

    String note(CheckId id) {
        var parts = new ArrayList<String>();
        if (judgedCount(id) > 0) {
            parts.add("judged " + judgedCount(id));
        }
        unknowns.getOrDefault(id, Map.of()).forEach((text, count) -> parts.add("unknown: " + counted(text, count)));
        notes.getOrDefault(id, Map.of()).forEach((text, count) -> parts.add(counted(text, count)));
        return String.join("; ", parts);
    }

    private static long[] counter(Map<CheckId, long[]> counters, CheckId id) {
        return Objects.requireNonNull(counters.get(id));
    }

    private static String counted(String text, long count) {
        return count == 1 ? text : text + " (" + count + " times)";
    }
}

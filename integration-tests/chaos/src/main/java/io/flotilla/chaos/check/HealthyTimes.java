package io.flotilla.chaos.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The times in which a cluster must work: no fault is active, none was just now, and none is about to be armed. */
final class HealthyTimes {
    private record Span(long from, long to) {}

    private final List<Span> spans = new ArrayList<>();

    private HealthyTimes() {}

    /** @param end of what is looked at */
    static HealthyTimes of(Episodes episodes, JudgeSettings settings, long end) {
        long grace = settings.grace().toNanos();
        var spells = new ArrayList<>(episodes.spells());
        spells.sort(Comparator.comparingLong(Episodes.Spell::armedNanos));
        var healthy = new HealthyTimes();
        long from = grace;
        for (Episodes.Spell spell : spells) {
            healthy.add(
                    from,
                    Math.min(end, spell.armedNanos() - settings.armingLead().toNanos()));
            from = Math.max(from, spell.disarmedNanos() == Long.MAX_VALUE ? end : spell.disarmedNanos() + grace);
        }
        healthy.add(from, end);
        return healthy;
    }

    private void add(long from, long to) {
        if (from < to) {
            spans.add(new Span(from, to));
        }
    }

    boolean contain(long nanos) {
        return spans.stream().anyMatch(span -> span.from <= nanos && nanos <= span.to);
    }

    /** Nanoseconds of the longest healthy time within a span. */
    long longestWithin(long from, long to) {
        long longest = 0;
        for (Span span : spans) {
            longest = Math.max(longest, Math.min(to, span.to) - Math.max(from, span.from));
        }
        return longest;
    }
}

package io.flotilla.cluster.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The outcome of judging one history: how often each check failed, with a few examples of each. */
public final class Verdict {
    /** Examples kept of each check; further ones are only counted. */
    public static final int EXAMPLES_MAX = 32;

    private final Map<Check, Long> counts = new EnumMap<>(Check.class);
    private final Map<Check, List<String>> examples = new EnumMap<>(Check.class);
    private final long written;
    private final long acknowledged;
    private final long read;

    Verdict(long written, long acknowledged, long read) {
        this.written = written;
        this.acknowledged = acknowledged;
        this.read = read;
    }

    void violation(Check check, String example) {
        counts.merge(check, 1L, Long::sum);
        List<String> kept = examples.computeIfAbsent(check, c -> new ArrayList<>());
        if (kept.size() < EXAMPLES_MAX) {
            kept.add(example);
        }
    }

    public boolean passed() {
        return counts.isEmpty();
    }

    public Set<Check> violated() {
        return Set.copyOf(counts.keySet());
    }

    /** How often the check failed. */
    public long count(Check check) {
        return counts.getOrDefault(check, 0L);
    }

    public List<String> examples(Check check) {
        return List.copyOf(examples.getOrDefault(check, List.of()));
    }

    public long written() {
        return written;
    }

    public long acknowledged() {
        return acknowledged;
    }

    /** Records found at the end. */
    public long read() {
        return read;
    }

    /** One line for a passed history; else a line for each check that failed, followed by its examples. */
    @Override
    public String toString() {
        var text = new StringBuilder(passed() ? "PASS" : "FAIL")
                .append(" written=")
                .append(written)
                .append(" acknowledged=")
                .append(acknowledged)
                .append(" read=")
                .append(read);
        counts.forEach((check, count) -> {
            text.append("\n  ").append(check).append(' ').append(count).append(" (");
            text.append(check.meaning()).append(')');
            examples(check).forEach(example -> text.append("\n    ").append(example));
        });
        return text.toString();
    }
}

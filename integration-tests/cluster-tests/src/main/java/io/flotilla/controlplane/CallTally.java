package io.flotilla.controlplane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Calls by kind and outcome, and the longest.
 *
 * <p>Threading: safe.
 */
final class CallTally {
    private static final String OK = "OK";

    @GuardedBy("this")
    private final Map<Call, Map<String, Integer>> counts = new EnumMap<>(Call.class);

    @GuardedBy("this")
    private Duration longest = Duration.ZERO;

    @GuardedBy("this")
    private int calls;

    @GuardedBy("this")
    private int unknown;

    synchronized void add(Call call, Answer answer, Duration took) {
        String outcome = answer.failure().map(Enum::name).orElse(OK);
        counts.computeIfAbsent(call, kind -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        calls++;
        unknown += answer.leavesUnknown() ? 1 : 0;
        longest = took.compareTo(longest) > 0 ? took : longest;
    }

    synchronized int calls() {
        return calls;
    }

    /** Calls of which the client does not know whether they had their effect. */
    synchronized int unknown() {
        return unknown;
    }

    synchronized Duration longest() {
        return longest;
    }

    @Override
    public synchronized String toString() {
        return counts.entrySet().stream()
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", "));
    }
}

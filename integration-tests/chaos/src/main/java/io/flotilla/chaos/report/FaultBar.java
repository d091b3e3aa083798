package io.flotilla.chaos.report;

import java.util.List;
import java.util.SortedMap;

/**
 * One fault, from its arming to its end.
 *
 * @param fault      code of its kind, as {@code N1}
 * @param nodes      struck
 * @param endNanos   when it was taken back; the history's end if it never was
 * @param proof      what showed that it took effect, or why nothing did; empty if nobody looked
 * @param verified   whether it was shown to have had an effect
 * @param unverified whether it was looked for and not found
 * @param detail     what arming said
 */
public record FaultBar(
        int episode,
        String fault,
        List<Integer> nodes,
        long startNanos,
        long endNanos,
        boolean verified,
        boolean unverified,
        String proof,
        SortedMap<String, String> parameters,
        String detail) {
    public FaultBar {
        nodes = List.copyOf(nodes);
    }
}

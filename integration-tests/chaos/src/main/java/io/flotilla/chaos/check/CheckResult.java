package io.flotilla.chaos.check;

import java.util.List;

/**
 * What one check found.
 *
 * @param violations how many there are
 * @param examples   of violations, at most {@link #EXAMPLES_MAX}, each with operations, offsets, nodes and the faults
 *                   active at that time
 * @param note       what was looked at, and what could not be; may be empty
 */
public record CheckResult(CheckId id, Status status, long violations, List<String> examples, String note) {
    public static final int EXAMPLES_MAX = 32;

    public CheckResult {
        examples = List.copyOf(examples);
    }

    /** The outcome of a check. */
    public enum Status {
        VALID,
        INVALID,
        /** It cannot be told: a part of the history is missing, or the search took too long. Does not pass. */
        UNKNOWN,
        /** The history has nothing that this check is about. */
        SKIPPED
    }
}

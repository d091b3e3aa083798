package io.flotilla.chaos.sim;

import java.time.Duration;
import java.util.List;

/**
 * How one simulation ended.
 *
 * @param acknowledged values
 * @param read         offsets read while it ran
 * @param terms        in which somebody acknowledged something
 * @param recovery     from healing until the partition took a value
 * @param took         all of it
 * @param violations   none if all is well
 */
public record SimResult(
        SimPlan plan,
        int acknowledged,
        int read,
        int terms,
        Duration recovery,
        Duration took,
        List<String> violations) {
    public SimResult {
        violations = List.copyOf(violations);
    }

    public long seed() {
        return plan.seed();
    }

    public boolean passed() {
        return violations.isEmpty();
    }

    /** What was violated and what was done, for a person. */
    public String report() {
        return "seed " + seed() + ":\n  " + String.join("\n  ", violations) + "\nin\n" + plan;
    }
}

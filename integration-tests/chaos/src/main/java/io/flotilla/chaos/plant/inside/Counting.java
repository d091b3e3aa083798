package io.flotilla.chaos.plant.inside;

/** What every helper can do: count. */
public class Counting {
    /** Counts one more hit of a rule; cheap, and kept though the process be killed next. Always true, to be a condition. */
    public boolean hit(String rule) {
        HitCounter.of(rule).increment();
        return true;
    }
}

package io.flotilla.chaos.check.mutation;

/** The time of a synthetic history: each step has its share of it, each event in it a moment. */
final class SyntheticClock {
    private final long nanosPerStep;
    private long step;
    private long now;
    private long ops;

    SyntheticClock(long nanosPerStep) {
        this.nanosPerStep = nanosPerStep;
    }

    void step() {
        step++;
        now = Math.max(now, step * nanosPerStep);
    }

    /** The next moment. */
    long next() {
        return ++now;
    }

    long nanos() {
        return now;
    }

    /** A number for an operation. */
    long op() {
        return ++ops;
    }
}

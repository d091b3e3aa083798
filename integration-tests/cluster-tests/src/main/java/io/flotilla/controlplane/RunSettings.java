package io.flotilla.controlplane;

/**
 * @param calls    in all, 1 or more
 * @param workers  that make calls at a time, 1 to 64
 * @param restarts while they do, 0 or more
 * @param seed     decides what is called and which broker is restarted how
 */
record RunSettings(int calls, int workers, int restarts, long seed) {
    private static final int WORKERS_MAX = 64;

    RunSettings {
        if (calls < 1) {
            throw new IllegalArgumentException("calls " + calls + " is below 1");
        }
        if (workers < 1 || workers > WORKERS_MAX) {
            throw new IllegalArgumentException("workers " + workers + " is outside [1, " + WORKERS_MAX + "]");
        }
        if (restarts < 0) {
            throw new IllegalArgumentException("restarts " + restarts + " is below 0");
        }
    }

    /** Calls released at each of two moments of a restart. */
    int callsPerHalf() {
        return Math.max(1, calls / (2 * restarts + 1));
    }
}

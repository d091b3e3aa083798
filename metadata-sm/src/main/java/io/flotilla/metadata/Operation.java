package io.flotilla.metadata;

import java.util.UUID;

/**
 * A long job and how it stands. It goes on whatever brokers fail meanwhile, since all it needs is in the metadata.
 *
 * @param startedAtMillis milliseconds since the epoch
 * @param partitionsAtStart partitions that it concerns, as they were when it began; 0 where that was not known
 * @param endedAtMillis   milliseconds since the epoch, 0 while it runs
 * @param message         what came of it, or why it ended as it did; empty where there is nothing to say
 */
public record Operation(
        UUID id,
        Job job,
        State state,
        long startedAtMillis,
        int partitionsAtStart,
        long endedAtMillis,
        String message) {
    /** Where an operation stands. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    public static Operation begun(UUID id, Job job, long startedAtMillis, int partitions) {
        return new Operation(id, job, State.RUNNING, startedAtMillis, partitions, 0, "");
    }

    public Operation saying(String what) {
        return new Operation(id, job, state, startedAtMillis, partitionsAtStart, endedAtMillis, what);
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }

    public Operation ended(State how, long atMillis, String why) {
        return new Operation(id, job, how, startedAtMillis, partitionsAtStart, atMillis, why);
    }
}

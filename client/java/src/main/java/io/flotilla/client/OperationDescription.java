package io.flotilla.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A long operation and how it stands, as far as the answering broker knows.
 *
 * @param id                  32 hexadecimal digits
 * @param endedAt             empty while it runs
 * @param partitionsAtStart   partitions it concerned when it began; 0 where that was not known, as for a rebalance
 * @param partitionsRemaining partitions that are not where the job wants them, or still on their way; 0 once it has ended
 * @param message             why it ended as it did; empty while it runs and where there is nothing to say
 * @param remaining           some of the remaining partitions, told by {@link Admin#operation} only
 */
public record OperationDescription(
        String id,
        OperationJob job,
        OperationState state,
        Instant startedAt,
        Optional<Instant> endedAt,
        int partitionsAtStart,
        int partitionsRemaining,
        String message,
        List<MovingPartition> remaining) {
    public OperationDescription {
        remaining = List.copyOf(remaining);
    }

    public boolean isRunning() {
        return state == OperationState.RUNNING;
    }
}

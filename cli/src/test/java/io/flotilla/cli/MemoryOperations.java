package io.flotilla.cli;

import io.flotilla.client.MovingPartition;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationJob;
import io.flotilla.client.OperationState;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations in memory: each look at one that runs finds a partition fewer remaining, until it is done. */
final class MemoryOperations {
    static final String FIRST_ID = "00000000000000000000000000000001";

    private static final Instant STARTED = Instant.parse("2026-11-28T10:00:00Z");
    private static final Instant ENDED = Instant.parse("2026-11-28T10:05:00Z");
    private static final int PARTITIONS = 2;

    private final Map<String, OperationDescription> operations = new LinkedHashMap<>();
    private boolean stuck;

    /** From now on no operation gets any further. */
    void getStuck() {
        stuck = true;
    }

    /** The next look at the operation finds it ended like this. */
    void end(String id, OperationState state, String message) {
        operations.put(id, ended(find(id), state, message));
    }

    OperationDescription begin(OperationJob job) {
        String id = "%032x".formatted(operations.size() + 1);
        var begun = new OperationDescription(
                id, job, OperationState.RUNNING, STARTED, Optional.empty(), PARTITIONS, PARTITIONS, "", List.of());
        operations.put(id, begun);
        return begun;
    }

    List<OperationDescription> all() {
        return List.copyOf(operations.values());
    }

    OperationDescription look(String id) {
        OperationDescription found = find(id);
        if (found.isRunning() && !stuck) {
            int remaining = found.partitionsRemaining() - 1;
            found = remaining == 0 ? ended(found, OperationState.DONE, "") : running(found, remaining);
            operations.put(id, found);
        }
        return found;
    }

    OperationDescription cancel(String id) {
        OperationDescription found = find(id);
        if (found.isRunning()) {
            end(id, OperationState.CANCELLED, "cancelled by an operator");
        }
        return find(id);
    }

    private OperationDescription find(String id) {
        OperationDescription found = operations.get(id);
        if (found == null) {
            throw new Refused(ErrorCode.UNKNOWN_OPERATION, "there is no operation " + id);
        }
        return found;
    }

    private static OperationDescription running(OperationDescription operation, int remaining) {
        return new OperationDescription(
                operation.id(),
                operation.job(),
                OperationState.RUNNING,
                STARTED,
                Optional.empty(),
                PARTITIONS,
                remaining,
                "",
                List.of(new MovingPartition(
                        new TopicPartition("orders", 0), List.of(1, 2), List.of(2, 3), List.of(1, 2, 3))));
    }

    private static OperationDescription ended(OperationDescription operation, OperationState state, String message) {
        return new OperationDescription(
                operation.id(), operation.job(), state, STARTED, Optional.of(ENDED), PARTITIONS, 0, message, List.of());
    }
}

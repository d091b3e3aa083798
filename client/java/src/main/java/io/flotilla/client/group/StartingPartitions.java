package io.flotilla.client.group;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.Answers;
import io.flotilla.protocol.error.LogException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that a member was given and whose committed offsets are being asked for, while it goes on reading the others.
 *
 * <p>Threading: confined to the consumer's thread.
 */
final class StartingPartitions {
    private final CommittedOffsets offsets;
    private final Runnable onFound;
    private final Map<TopicPartition, Assignment.Tenure> waiting = new HashMap<>();
    private @Nullable Question question;

    /** What was asked for, and the answer. */
    private record Question(
            Map<TopicPartition, Assignment.Tenure> about,
            CompletableFuture<Map<TopicPartition, CommittedOffset>> answer) {}

    /**
     * Where to begin.
     *
     * @param committed empty if nothing is committed
     */
    record Start(Assignment.Tenure tenure, Optional<CommittedOffset> committed) {}

    /**
     * @param onFound told, by any thread, that {@link #take} may have something new
     */
    StartingPartitions(CommittedOffsets offsets, Runnable onFound) {
        this.offsets = offsets;
        this.onFound = onFound;
    }

    CommittedOffsets offsets() {
        return offsets;
    }

    /** Has to be followed by a {@link #take}, which asks. */
    void add(TopicPartition partition, Map<TopicPartition, Assignment.Tenure> tenures) {
        Assignment.Tenure tenure = tenures.get(partition);
        if (tenure != null) {
            waiting.put(partition, tenure);
        }
    }

    /** Drops those that are not the member's any more. */
    void retain(Assignment assignment) {
        waiting.entrySet().removeIf(entry -> !entry.getValue()
                .equals(assignment.partitions().get(entry.getKey())));
    }

    void clear() {
        waiting.clear();
    }

    /**
     * Returns those whose offsets have been found, once, and asks for the next ones. A failure that passes is asked again.
     *
     * @throws LogException why they cannot be found
     */
    Map<TopicPartition, Start> take() {
        Map<TopicPartition, Start> found = new HashMap<>();
        Question asked = question;
        if (asked != null && asked.answer().isDone()) {
            question = null;
            answered(asked, found);
        }
        if (question == null && !waiting.isEmpty()) {
            ask();
        }
        return found;
    }

    private void answered(Question asked, Map<TopicPartition, Start> found) {
        try {
            Map<TopicPartition, CommittedOffset> committed = Answers.await(asked.answer());
            asked.about().forEach((partition, tenure) -> {
                if (waiting.remove(partition, tenure)) { // or it went meanwhile, and may have been another's
                    found.put(partition, new Start(tenure, Optional.ofNullable(committed.get(partition))));
                }
            });
        } catch (LogException failure) {
            if (!failure.code().retriable()) {
                throw failure;
            }
        }
    }

    private void ask() {
        Question asking = new Question(Map.copyOf(waiting), offsets.of(waiting.keySet()));
        question = asking;
        CompletableFuture<?> unused = asking.answer().whenComplete((answer, failure) -> onFound.run());
    }
}

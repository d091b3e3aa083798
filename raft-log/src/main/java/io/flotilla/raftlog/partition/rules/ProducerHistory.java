package io.flotilla.raftlog.partition.rules;

import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a partition remembers of one producer: its newest epoch and its last batches, oldest first. Immutable.
 *
 * <p>The rules are Kafka's for idempotent producers: a producer has at most {@link #BATCHES_MAX} requests on their way,
 * so a batch sent again is among that many. One that is older still cannot be told from a gap and is refused with
 * OUT_OF_ORDER_SEQUENCE, as Kafka does: answering "duplicate" without knowing it would hide a loss.
 *
 * @param batches of the newest epoch only; 1 to {@link #BATCHES_MAX}
 */
public record ProducerHistory(long producerId, short epoch, List<AppendedBatch> batches) {
    /** Batches remembered for each producer, equal to Kafka's limit of requests in flight. Fixed: replicas must agree. */
    public static final int BATCHES_MAX = 5;

    public ProducerHistory {
        batches = List.copyOf(batches);
        if (batches.isEmpty() || batches.size() > BATCHES_MAX) {
            throw new IllegalArgumentException(
                    "producer " + producerId + " with " + batches.size() + " batches, expected 1 to " + BATCHES_MAX);
        }
    }

    /** Returns empty if the batch is the next one; otherwise why it is not appended. */
    Optional<Verdict> objection(BatchFacts batch) {
        if (batch.producerEpoch() < epoch) {
            return Optional.of(new Verdict.Refusal(ErrorCode.PRODUCER_FENCED, epoch, batch.producerEpoch()));
        }
        if (batch.producerEpoch() > epoch) {
            return batch.baseSequence() == 0 ? Optional.empty() : Optional.of(outOfOrder(0, batch));
        }
        for (AppendedBatch appended : batches) {
            if (appended.baseSequence() == batch.baseSequence() && appended.offsetCount() == batch.offsetCount()) {
                return Optional.of(new Verdict.Duplicate(appended));
            }
        }
        int expected = batches.get(batches.size() - 1).nextSequence();
        return batch.baseSequence() == expected ? Optional.empty() : Optional.of(outOfOrder(expected, batch));
    }

    private static Verdict outOfOrder(int expected, BatchFacts batch) {
        return new Verdict.Refusal(ErrorCode.OUT_OF_ORDER_SEQUENCE, expected, batch.baseSequence());
    }

    ProducerHistory with(short batchEpoch, AppendedBatch appended) {
        if (batchEpoch != epoch) {
            return new ProducerHistory(producerId, batchEpoch, List.of(appended));
        }
        long forgotten = Math.max(0, batches.size() + 1 - BATCHES_MAX);
        List<AppendedBatch> kept = Stream.concat(batches.stream(), Stream.of(appended))
                .skip(forgotten)
                .toList();
        return new ProducerHistory(producerId, epoch, kept);
    }
}

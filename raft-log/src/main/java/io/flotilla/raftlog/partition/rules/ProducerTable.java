package io.flotilla.raftlog.partition.rules;

import io.flotilla.protocol.error.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The producers a partition remembers, the one whose last append is oldest first. When there are too many, that one is
 * forgotten; its next batch is refused with UNKNOWN_PRODUCER unless it starts at sequence 0, and the producer goes on
 * under a new epoch.
 *
 * <p>Threading: confined to the thread that applies the log.
 */
final class ProducerTable {
    private final int producersMax;
    private final LinkedHashMap<Long, ProducerHistory> producers = new LinkedHashMap<>();

    ProducerTable(int producersMax, Collection<ProducerHistory> oldestFirst) {
        this.producersMax = producersMax;
        oldestFirst.forEach(producer -> producers.put(producer.producerId(), producer));
    }

    /** Returns empty if the batch is the next one of its producer; otherwise why it is not appended. */
    Optional<Verdict> objection(BatchFacts batch) {
        ProducerHistory producer = producers.get(batch.producerId());
        if (producer != null) {
            return producer.objection(batch);
        }
        return batch.baseSequence() == 0
                ? Optional.empty()
                : Optional.of(new Verdict.Refusal(ErrorCode.UNKNOWN_PRODUCER, 0, batch.baseSequence()));
    }

    void remember(BatchFacts batch, AppendedBatch appended) {
        @Nullable ProducerHistory before = producers.remove(batch.producerId()); // put again, it is the newest
        ProducerHistory after = before == null
                ? new ProducerHistory(batch.producerId(), batch.producerEpoch(), List.of(appended))
                : before.with(batch.producerEpoch(), appended);
        producers.put(batch.producerId(), after);
        if (producers.size() > producersMax) {
            producers.remove(producers.keySet().iterator().next());
        }
    }

    List<ProducerHistory> oldestFirst() {
        return List.copyOf(producers.values());
    }
}

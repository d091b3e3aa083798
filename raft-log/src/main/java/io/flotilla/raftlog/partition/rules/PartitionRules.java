package io.flotilla.raftlog.partition.rules;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a partition's log: offsets are dense and assigned in log order, a batch of a numbered producer is
 * appended once, and each leader epoch's first offset is known.
 *
 * <p>Threading: confined to the thread that applies the log.
 */
public final class PartitionRules {
    /** Producers a partition remembers. Fixed, because replicas that remember differently would decide differently. */
    public static final int PRODUCERS_MAX = 4_096;

    /** Leader epochs a partition remembers, the newest ones. */
    public static final int EPOCHS_MAX = 4_096;

    private final ProducerTable producers;
    private final ArrayDeque<EpochStart> epochs;
    private long logEndOffset;

    private PartitionRules(Memory memory, int producersMax) {
        this.logEndOffset = memory.logEndOffset();
        this.producers = new ProducerTable(producersMax, memory.producers());
        this.epochs = new ArrayDeque<>(memory.epochs());
    }

    /** Goes on from what was remembered. */
    public static PartitionRules from(Memory memory) {
        return new PartitionRules(memory, PRODUCERS_MAX);
    }

    static PartitionRules from(Memory memory, int producersMax) {
        return new PartitionRules(memory, producersMax);
    }

    /**
     * All that decisions depend on. Immutable.
     *
     * @param logEndOffset offset of the next record, 0 or more
     * @param epochs       oldest first
     * @param producers    the one whose last append is oldest first; their order decides who is forgotten next
     */
    public record Memory(long logEndOffset, List<EpochStart> epochs, List<ProducerHistory> producers) {
        public static final Memory EMPTY = new Memory(0, List.of(), List.of());

        public Memory {
            epochs = List.copyOf(epochs);
            producers = List.copyOf(producers);
        }
    }

    /** What is remembered now. */
    public Memory memory() {
        return new Memory(logEndOffset, List.copyOf(epochs), producers.oldestFirst());
    }

    public long logEndOffset() {
        return logEndOffset;
    }

    /**
     * Decides about the next batch of the log and remembers the decision.
     *
     * @param leaderEpoch      epoch under which the entry was proposed; never falls
     * @param appendTimeMillis wall clock of the proposer, milliseconds since the epoch
     */
    public Verdict apply(BatchFacts batch, int leaderEpoch, long appendTimeMillis) {
        if (batch.hasProducer()) {
            Optional<Verdict> objection = producers.objection(batch);
            if (objection.isPresent()) {
                return objection.get();
            }
        }
        long baseOffset = logEndOffset;
        logEndOffset = Math.addExact(logEndOffset, batch.offsetCount());
        noteEpoch(leaderEpoch, baseOffset);
        if (batch.hasProducer()) {
            producers.remember(
                    batch,
                    new AppendedBatch(
                            batch.baseSequence(), batch.offsetCount(), baseOffset, leaderEpoch, appendTimeMillis));
        }
        return new Verdict.Accepted(baseOffset, logEndOffset - 1);
    }

    private void noteEpoch(int leaderEpoch, long baseOffset) {
        EpochStart last = epochs.peekLast();
        if (last == null || last.epoch() < leaderEpoch) {
            epochs.addLast(new EpochStart(leaderEpoch, baseOffset));
            if (epochs.size() > EPOCHS_MAX) {
                epochs.removeFirst();
            }
        }
    }
}

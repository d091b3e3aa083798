package io.flotilla.raftlog.partition.rules;

import java.util.List;
import java.util.Optional;

/**
 * The rules of a partition's log: offsets are dense and assigned in log order, a batch of a numbered producer is
 * appended once, the log's start never moves back, and each leader epoch's first offset is known.
 *
 * <p>Threading: confined to the thread that applies the log.
 */
public final class PartitionRules {
    /** Producers a partition remembers. Fixed, because replicas that remember differently would decide differently. */
    public static final int PRODUCERS_MAX = 4_096;

    private final ProducerTable producers;
    private LeaderEpochs epochs;
    private long logStartOffset;
    private long logEndOffset;

    private PartitionRules(Memory memory, int producersMax) {
        this.logStartOffset = memory.logStartOffset();
        this.logEndOffset = memory.logEndOffset();
        this.producers = new ProducerTable(producersMax, memory.producers());
        this.epochs = memory.epochs();
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
     * @param logStartOffset offset of the first record kept, 0 to {@code logEndOffset}
     * @param logEndOffset   offset of the next record
     * @param producers      the one whose last append is oldest first; their order decides who is forgotten next
     */
    public record Memory(long logStartOffset, long logEndOffset, LeaderEpochs epochs, List<ProducerHistory> producers) {
        public static final Memory EMPTY = new Memory(0, 0, LeaderEpochs.NONE, List.of());

        public Memory {
            producers = List.copyOf(producers);
            if (logStartOffset < 0 || logStartOffset > logEndOffset) {
                throw new IllegalArgumentException("log starts at " + logStartOffset + " and ends at " + logEndOffset);
            }
        }
    }

    /** What is remembered now. */
    public Memory memory() {
        return new Memory(logStartOffset, logEndOffset, epochs, producers.oldestFirst());
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public long logEndOffset() {
        return logEndOffset;
    }

    public LeaderEpochs epochs() {
        return epochs;
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
        epochs = epochs.with(leaderEpoch, baseOffset);
        if (batch.hasProducer()) {
            producers.remember(
                    batch,
                    new AppendedBatch(
                            batch.baseSequence(), batch.offsetCount(), baseOffset, leaderEpoch, appendTimeMillis));
        }
        return new Verdict.Accepted(baseOffset, logEndOffset - 1);
    }

    /**
     * Moves the log's start forward. Producers are remembered as before: what they send again is not new because its
     * first copy is gone.
     *
     * @param target offset of the first record to keep; at or below the log's start it changes nothing, behind the
     *     log's end it counts as the end
     * @return the log's start from now on
     */
    public long advanceLogStart(long target) {
        logStartOffset = Math.max(logStartOffset, Math.min(target, logEndOffset));
        epochs = epochs.from(logStartOffset);
        return logStartOffset;
    }
}

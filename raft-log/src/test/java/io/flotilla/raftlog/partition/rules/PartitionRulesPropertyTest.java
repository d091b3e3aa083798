package io.flotilla.raftlog.partition.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionRulesPropertyTest {
    private static final int PRODUCERS = 5;
    private static final int PRODUCERS_MAX = 3;
    private static final int STEPS = 1_500;

    /** Keeps everything that was ever accepted and searches it anew for each decision. */
    private static final class NaiveModel {
        private record Accepted(BatchFacts batch, AppendedBatch place) {}

        private final List<Accepted> history = new ArrayList<>();
        private long start;
        private long end;

        long advance(long target) {
            if (target > start) {
                start = target > end ? end : target;
            }
            return start;
        }

        /** Epoch of each record that is left, in its order. */
        List<Integer> epochs() {
            List<Integer> epochs = new ArrayList<>();
            for (Accepted accepted : history) {
                for (long offset = accepted.place().baseOffset();
                        offset <= accepted.place().lastOffset();
                        offset++) {
                    if (offset >= start) {
                        epochs.add(accepted.place().leaderEpoch());
                    }
                }
            }
            return epochs;
        }

        Verdict apply(BatchFacts batch, int leaderEpoch, long millis) {
            Verdict objection = batch.hasProducer() ? objection(batch) : null;
            if (objection != null) {
                return objection;
            }
            history.add(new Accepted(
                    batch, new AppendedBatch(batch.baseSequence(), batch.offsetCount(), end, leaderEpoch, millis)));
            end += batch.offsetCount();
            return new Verdict.Accepted(end - batch.offsetCount(), end - 1);
        }

        private @Nullable Verdict objection(BatchFacts batch) {
            List<Accepted> own = rememberedOf(batch.producerId());
            if (own.isEmpty()) {
                return unlessZero(batch, ErrorCode.UNKNOWN_PRODUCER);
            }
            Accepted last = own.get(own.size() - 1);
            short epoch = last.batch().producerEpoch();
            if (batch.producerEpoch() < epoch) {
                return new Verdict.Refusal(ErrorCode.PRODUCER_FENCED, epoch, batch.producerEpoch());
            }
            if (batch.producerEpoch() > epoch) {
                return unlessZero(batch, ErrorCode.OUT_OF_ORDER_SEQUENCE);
            }
            List<Accepted> ofEpoch = own.stream()
                    .filter(accepted -> accepted.batch().producerEpoch() == epoch)
                    .toList();
            for (Accepted accepted : ofEpoch.subList(Math.max(0, ofEpoch.size() - 5), ofEpoch.size())) {
                if (accepted.batch().equals(batch)) {
                    return new Verdict.Duplicate(accepted.place());
                }
            }
            int next = last.batch().baseSequence() + last.batch().offsetCount();
            return batch.baseSequence() == next
                    ? null
                    : new Verdict.Refusal(ErrorCode.OUT_OF_ORDER_SEQUENCE, next, batch.baseSequence());
        }

        private static @Nullable Verdict unlessZero(BatchFacts batch, ErrorCode code) {
            return batch.baseSequence() == 0 ? null : new Verdict.Refusal(code, 0, batch.baseSequence());
        }

        /** The producer's batches since as many others appended in a row as make it forgotten; none if they have now. */
        private List<Accepted> rememberedOf(long producerId) {
            List<Accepted> own = new ArrayList<>();
            Set<Long> othersSince = new HashSet<>();
            for (Accepted accepted : history) {
                long id = accepted.batch().producerId();
                if (id == producerId) {
                    othersSince.clear();
                    own.add(accepted);
                } else if (id != BatchFacts.NO_PRODUCER) {
                    othersSince.add(id);
                }
                if (othersSince.size() == PRODUCERS_MAX) {
                    own.clear();
                }
            }
            return own;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldDecideLikeTheNaiveModelAndAfterEveryRestart(long seed) {
        Random random = new Random(seed);
        PartitionRules rules = PartitionRules.from(PartitionRules.Memory.EMPTY, PRODUCERS_MAX);
        NaiveModel model = new NaiveModel();
        int[] nextSequence = new int[PRODUCERS];
        short[] epoch = new short[PRODUCERS];
        int accepted = 0;
        for (int step = 0; step < STEPS; step++) {
            int producer = random.nextInt(4) == 0 ? random.nextInt(PRODUCERS) : random.nextInt(2);
            BatchFacts batch = randomBatch(random, producer, nextSequence[producer], epoch[producer]);
            int leaderEpoch = 1 + step / 100;

            Verdict expected = model.apply(batch, leaderEpoch, step);
            Verdict actual = rules.apply(batch, leaderEpoch, step);

            assertThat(actual).as("seed %d step %d %s", seed, step, batch).isEqualTo(expected);
            if (actual instanceof Verdict.Accepted && batch.hasProducer()) {
                accepted++;
                nextSequence[producer] = batch.baseSequence() + batch.offsetCount();
                epoch[producer] = batch.producerEpoch();
            }
            if (random.nextInt(20) == 0) {
                long target = random.nextLong(rules.logEndOffset() + 10);
                assertThat(rules.advanceLogStart(target / 2)).isEqualTo(model.advance(target / 2));
            }
            if (random.nextInt(50) == 0) {
                assertThat(epochsOf(rules)).as("seed %d step %d", seed, step).isEqualTo(model.epochs());
                rules = PartitionRules.from(rules.memory(), PRODUCERS_MAX);
            }
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(STEPS / 10);
    }

    private static List<Integer> epochsOf(PartitionRules rules) {
        List<Integer> epochs = new ArrayList<>();
        for (EpochStart start : rules.epochs().starts()) {
            long end = rules.epochs()
                    .endOf(start.epoch(), rules.logEndOffset())
                    .orElseThrow()
                    .endOffset();
            for (long offset = start.startOffset(); offset < end; offset++) {
                epochs.add(start.epoch());
            }
        }
        return epochs;
    }

    private static BatchFacts randomBatch(Random random, int producer, int nextSequence, short epoch) {
        int count = 1 + random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0 -> new BatchFacts(BatchFacts.NO_PRODUCER, (short) -1, -1, count);
            case 1 -> new BatchFacts(producer, (short) (epoch + 1), 0, count);
            case 2 -> new BatchFacts(producer, (short) Math.max(0, epoch - 1), 0, count);
            case 3, 4 -> new BatchFacts(producer, epoch, Math.max(0, nextSequence - random.nextInt(12)), count);
            case 5 -> new BatchFacts(producer, epoch, 0, count);
            default -> new BatchFacts(producer, epoch, nextSequence, count);
        };
    }
}

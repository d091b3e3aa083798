package io.flotilla.raftlog.partition.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerRulesTest {
    private static final long PRODUCER = 5;
    private static final int LEADER_EPOCH = 3;
    private static final long MILLIS = 1_000;

    private PartitionRules rules = PartitionRules.from(PartitionRules.Memory.EMPTY);

    private Verdict append(int producerEpoch, int baseSequence, int count) {
        return append(PRODUCER, producerEpoch, baseSequence, count);
    }

    private Verdict append(long producer, int producerEpoch, int baseSequence, int count) {
        return rules.apply(new BatchFacts(producer, (short) producerEpoch, baseSequence, count), LEADER_EPOCH, MILLIS);
    }

    private static Verdict refused(ErrorCode code, int expected, int actual) {
        return new Verdict.Refusal(code, expected, actual);
    }

    @Test
    void shouldAssignDenseOffsets() {
        assertThat(append(-1, -1, -1, 3)).isEqualTo(new Verdict.Accepted(0, 2));
        assertThat(append(-1, -1, -1, 1)).isEqualTo(new Verdict.Accepted(3, 3));
        assertThat(append(0, 0, 2)).isEqualTo(new Verdict.Accepted(4, 5));
        assertThat(rules.logEndOffset()).isEqualTo(6);
    }

    @Test
    void shouldRecogniseEachOfTheLastFiveBatches() {
        for (int sequence = 0; sequence < 6; sequence++) {
            assertThat(append(0, sequence, 1)).isEqualTo(new Verdict.Accepted(sequence, sequence));
        }

        for (int sequence = 1; sequence < 6; sequence++) {
            assertThat(append(0, sequence, 1))
                    .isEqualTo(new Verdict.Duplicate(new AppendedBatch(sequence, 1, sequence, LEADER_EPOCH, MILLIS)));
        }
        assertThat(append(0, 0, 1)).isEqualTo(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 6, 0));
        assertThat(rules.logEndOffset()).isEqualTo(6);
    }

    @Test
    void shouldRefuseAGap() {
        assertThat(append(0, 0, 2)).isInstanceOf(Verdict.Accepted.class);

        assertThat(append(0, 3, 1)).isEqualTo(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 2, 3));
        assertThat(append(0, 1, 1)).isEqualTo(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 2, 1));
        assertThat(append(0, 2, 1)).isEqualTo(new Verdict.Accepted(2, 2));
    }

    @Test
    void shouldStartANewEpochAtSequenceZero() {
        assertThat(append(0, 0, 2)).isInstanceOf(Verdict.Accepted.class);

        assertThat(append(1, 2, 1)).isEqualTo(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, 0, 2));
        assertThat(append(1, 0, 2)).isEqualTo(new Verdict.Accepted(2, 3));
        assertThat(append(0, 2, 1)).isEqualTo(refused(ErrorCode.PRODUCER_FENCED, 1, 0));
    }

    @Test
    void shouldRefuseAnUnknownProducerInMidSequence() {
        assertThat(append(0, 4, 1)).isEqualTo(refused(ErrorCode.UNKNOWN_PRODUCER, 0, 4));
        assertThat(rules.logEndOffset()).isZero();
    }

    @Test
    void shouldWrapSequencesAtTheirLargestValue() {
        AppendedBatch last = new AppendedBatch(Integer.MAX_VALUE - 4, 3, 97, 1, MILLIS);
        ProducerHistory producer = new ProducerHistory(PRODUCER, (short) 0, List.of(last));
        rules = PartitionRules.from(new PartitionRules.Memory(0, 100, LeaderEpochs.NONE, List.of(producer)));

        assertThat(append(0, Integer.MAX_VALUE - 1, 4)).isEqualTo(new Verdict.Accepted(100, 103));
        assertThat(append(0, 2, 1)).isEqualTo(new Verdict.Accepted(104, 104));
        assertThat(append(0, Integer.MAX_VALUE - 1, 4)).isInstanceOf(Verdict.Duplicate.class);
    }

    @Test
    void shouldForgetTheProducerWhoseLastAppendIsOldest() {
        rules = PartitionRules.from(PartitionRules.Memory.EMPTY, 2);

        assertThat(append(1, 0, 0, 1)).isInstanceOf(Verdict.Accepted.class);
        assertThat(append(2, 0, 0, 1)).isInstanceOf(Verdict.Accepted.class);
        assertThat(append(1, 0, 1, 1)).isInstanceOf(Verdict.Accepted.class);
        assertThat(append(3, 0, 0, 1)).isInstanceOf(Verdict.Accepted.class);

        assertThat(append(2, 0, 1, 1)).isEqualTo(refused(ErrorCode.UNKNOWN_PRODUCER, 0, 1));
        assertThat(append(1, 0, 2, 1)).isInstanceOf(Verdict.Accepted.class);
        assertThat(append(3, 0, 1, 1)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void shouldKnowWhereEachLeaderEpochBegan() {
        for (int epoch : new int[] {1, 1, 4, 4, 9}) {
            assertThat(rules.apply(new BatchFacts(-1, (short) -1, -1, 2), epoch, MILLIS))
                    .isInstanceOf(Verdict.Accepted.class);
        }

        assertThat(rules.memory().epochs().starts())
                .containsExactly(new EpochStart(1, 0), new EpochStart(4, 4), new EpochStart(9, 8));
    }
}

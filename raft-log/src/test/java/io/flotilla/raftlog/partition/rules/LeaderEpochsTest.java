package io.flotilla.raftlog.partition.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.rules.LeaderEpochs.EpochEnd;
import org.junit.jupiter.api.Test;

class LeaderEpochsTest {
    private static final LeaderEpochs EPOCHS =
            LeaderEpochs.NONE.with(2, 0).with(2, 5).with(5, 10).with(9, 40);

    @Test
    void shouldEndAnEpochWhereTheNextOneBegan() {
        assertThat(EPOCHS.endOf(2, 100)).contains(new EpochEnd(2, 10));
        assertThat(EPOCHS.endOf(5, 100)).contains(new EpochEnd(5, 40));
        assertThat(EPOCHS.endOf(9, 100)).contains(new EpochEnd(9, 100));
    }

    @Test
    void shouldAnswerWithTheEpochBelowForOneThatAppendedNothing() {
        assertThat(EPOCHS.endOf(4, 100)).contains(new EpochEnd(2, 10));
        assertThat(EPOCHS.endOf(12, 100)).contains(new EpochEnd(9, 100));
    }

    @Test
    void shouldAnswerWithTheLogsStartForAnEpochBeforeIt() {
        assertThat(EPOCHS.endOf(1, 100)).contains(new EpochEnd(1, 0));
        assertThat(EPOCHS.from(20).endOf(2, 100)).contains(new EpochEnd(2, 20));
        assertThat(LeaderEpochs.NONE.endOf(1, 0)).isEmpty();
    }

    @Test
    void shouldForgetEpochsThatEndBeforeTheLogsStart() {
        assertThat(EPOCHS.from(0)).isEqualTo(EPOCHS);
        assertThat(EPOCHS.from(9).starts())
                .containsExactly(new EpochStart(2, 9), new EpochStart(5, 10), new EpochStart(9, 40));
        assertThat(EPOCHS.from(10).starts()).containsExactly(new EpochStart(5, 10), new EpochStart(9, 40));
        assertThat(EPOCHS.from(1_000).starts()).containsExactly(new EpochStart(9, 1_000));
    }

    @Test
    void shouldRememberTheNewestEpochsWhenThereAreTooMany() {
        LeaderEpochs epochs = LeaderEpochs.NONE;
        for (int epoch = 0; epoch < LeaderEpochs.EPOCHS_MAX + 3; epoch++) {
            epochs = epochs.with(epoch, epoch * 10L);
        }

        assertThat(epochs.starts()).hasSize(LeaderEpochs.EPOCHS_MAX).startsWith(new EpochStart(3, 30));
    }
}

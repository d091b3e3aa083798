package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.RaftSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointDueTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RaftSettings.Checkpoints SETTINGS = new RaftSettings.Checkpoints(Duration.ofSeconds(30), 100);

    private final CheckpointDue due = new CheckpointDue(SETTINGS, 0, 0);

    @Test
    void shouldBeDueAfterTheIntervalIfAnythingWasApplied() {
        assertThat(due.isDue(31 * SECOND)).isFalse();

        due.applied(0);

        assertThat(due.isDue(29 * SECOND)).isFalse();
        assertThat(due.isDue(30 * SECOND)).isTrue();
    }

    @Test
    void shouldBeDueOnceEnoughBytesAreApplied() {
        assertThat(due.applied(60)).isFalse();
        assertThat(due.applied(60)).isTrue();
        assertThat(due.applied(60)).isFalse();
        assertThat(due.isDue(1)).isTrue();

        due.taken(SECOND);

        assertThat(due.isDue(2 * SECOND)).isFalse();
        assertThat(due.applied(100)).isTrue();
    }

    @Test
    void shouldSpreadTheFirstCheckpointsOfGroupsOverHalfAnInterval() {
        CheckpointDue other = new CheckpointDue(SETTINGS, (int) (2 * SECOND - 1), 0);
        other.applied(1);
        due.applied(1);

        assertThat(other.isDue(29 * SECOND)).isTrue();
        assertThat(due.isDue(29 * SECOND)).isFalse();
    }
}

package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.PeerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PurgeLimitTest {
    private static final PeerId A = PeerId.of(1, "a");
    private static final PeerId B = PeerId.of(2, "b");
    private static final PeerId C = PeerId.of(3, "c");
    private static final long UNBOUNDED = Long.MAX_VALUE;

    /** Indexes 0 to 9, 10 to 19, 20 to 29 and from 30 on, each file of 100 bytes. */
    private static final List<LogFile> FILES = List.of(file(0, 9), file(10, 19), file(20, 29), file(30, -1));

    private static LogFile file(long first, long last) {
        return new LogFile(Path.of("log"), first, last, 100);
    }

    private static OptionalLong limit(long checkpoint, Map<PeerId, Long> committed, long keptBytesMax) {
        return PurgeLimit.of(checkpoint, List.of(A, B, C), committed, FILES, keptBytesMax);
    }

    @Test
    void shouldKeepTheEntryOfTheCheckpoint() {
        assertThat(limit(10, Map.of(A, 20L, B, 20L, C, 20L), UNBOUNDED)).hasValue(9);
    }

    @Test
    void shouldKeepWhatAPeerLacks() {
        assertThat(limit(10, Map.of(A, 20L, B, 20L, C, 5L), UNBOUNDED)).hasValue(4);
    }

    @Test
    void shouldKeepEverythingForASilentOrNewPeerIfThereIsNoBound() {
        assertThat(limit(35, Map.of(A, 40L, B, 40L), UNBOUNDED)).isEmpty();
        assertThat(limit(35, Map.of(A, 40L, B, 40L, C, -1L), UNBOUNDED)).isEmpty();
    }

    @Test
    void shouldKeepNoMoreThanTheBudgetForAPeerThatIsAway() {
        assertThat(limit(35, Map.of(A, 40L, B, 40L), 300)).isEmpty();
        assertThat(limit(35, Map.of(A, 40L, B, 40L), 299)).hasValue(9);
        assertThat(limit(35, Map.of(A, 40L, B, 40L), 100)).hasValue(19);
        assertThat(limit(35, Map.of(A, 40L, B, 40L), 0)).hasValue(29);
        assertThat(limit(35, Map.of(A, 40L, B, 40L, C, 15L), 200)).hasValue(14);
    }

    @Test
    void shouldNeverTouchTheFileOfTheCheckpointForTheBudget() {
        assertThat(limit(25, Map.of(A, 40L, B, 40L), 0)).hasValue(19);
        assertThat(limit(29, Map.of(A, 40L, B, 40L), 0)).hasValue(19);
        assertThat(limit(30, Map.of(A, 40L, B, 40L), 0)).hasValue(29);
        assertThat(limit(-1, Map.of(A, 40L, B, 40L), 0)).isEmpty();
    }

    @Test
    void shouldKeepEverythingWithoutACheckpoint() {
        assertThat(PurgeLimit.of(-1, List.of(A), Map.of(A, 20L), FILES, 0)).isEmpty();
        assertThat(PurgeLimit.of(0, List.of(A), Map.of(A, 20L), FILES, 0)).isEmpty();
    }

    @Test
    void shouldNotAskPeersThatLeftTheGroup() {
        assertThat(PurgeLimit.of(10, List.of(A), Map.of(A, 20L, B, 1L), FILES, UNBOUNDED))
                .hasValue(9);
    }
}

package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PurgeLimitTest {
    private static final PeerId A = PeerId.of(1, "a");
    private static final PeerId B = PeerId.of(2, "b");
    private static final PeerId C = PeerId.of(3, "c");

    @Test
    void shouldKeepTheEntryOfTheCheckpoint() {
        assertThat(PurgeLimit.of(10, List.of(A, B, C), Map.of(A, 20L, B, 20L, C, 20L)))
                .hasValue(9);
    }

    @Test
    void shouldKeepWhatAPeerLacks() {
        assertThat(PurgeLimit.of(10, List.of(A, B, C), Map.of(A, 20L, B, 20L, C, 5L)))
                .hasValue(4);
    }

    @Test
    void shouldKeepEverythingWhileAPeerIsSilentOrNew() {
        assertThat(PurgeLimit.of(10, List.of(A, B, C), Map.of(A, 20L, B, 20L))).isEmpty();
        assertThat(PurgeLimit.of(10, List.of(A, B, C), Map.of(A, 20L, B, 20L, C, -1L)))
                .isEmpty();
    }

    @Test
    void shouldKeepEverythingWithoutACheckpoint() {
        assertThat(PurgeLimit.of(-1, List.of(A), Map.of(A, 20L))).isEmpty();
        assertThat(PurgeLimit.of(0, List.of(A), Map.of(A, 20L))).isEmpty();
    }

    @Test
    void shouldNotAskPeersThatLeftTheGroup() {
        assertThat(PurgeLimit.of(10, List.of(A), Map.of(A, 20L, B, 1L))).hasValue(9);
    }
}

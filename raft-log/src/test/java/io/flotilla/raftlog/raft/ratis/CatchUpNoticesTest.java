package io.flotilla.raftlog.raft.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.CatchUp;
import io.flotilla.raftlog.raft.GroupId;
import io.flotilla.raftlog.raft.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;

class CatchUpNoticesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Long> asked = new ArrayList<>();
    private final List<CompletableFuture<LogPosition>> fetches = new ArrayList<>();
    private final CatchUpNotices notices = new CatchUpNotices(new GroupId(new UUID(1, 1)), new CatchUp() {
        @Override
        public CompletableFuture<LogPosition> fetch(long minIndex) {
            asked.add(minIndex);
            CompletableFuture<LogPosition> fetch = new CompletableFuture<>();
            fetches.add(fetch);
            return fetch;
        }

        @Override
        public LogPosition install() {
            throw new AssertionError("not the notices' business");
        }

        @Override
        public LogPosition fetchedPosition() {
            return LogPosition.NONE;
        }
    });

    private void complete(int fetch, long index) {
        fetches.get(fetch).complete(new LogPosition(3, index));
        await().atMost(PATIENCE).until(() -> notices.ready().isPresent());
    }

    @Test
    void shouldLeaveTheLogToAMemberForWhichItIsEnough() {
        assertThat(notices.noticed(0, -1)).isCompletedWithValue(null);
        assertThat(notices.noticed(10, 10)).isCompletedWithValue(null);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldLeaveNoSuccessBehindWhichRatisCouldWaitForInVain() {
        CompletableFuture<?> first = notices.noticed(100, 5);
        assertThat(first).isNotDone();
        assertThat(asked).containsExactly(100L);

        complete(0, 120);

        assertThat(first).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(IOException.class);
        assertThat(notices.noticed(100, 5)).isCompletedWithValue(TermIndex.valueOf(3, 120));
        notices.installed();
        assertThat(notices.ready()).isEmpty();
    }

    @Test
    void shouldFetchOnWhileTheLeaderChanges() {
        CompletableFuture<?> first = notices.noticed(100, 5);

        notices.leaderChanged();

        assertThat(first).isCompletedExceptionally();
        CompletableFuture<?> second = notices.noticed(90, 5);
        assertThat(second).isNotDone();
        assertThat(asked).containsExactly(100L);
        complete(0, 120);
        assertThat(second).failsWithin(PATIENCE);
        assertThat(notices.noticed(90, 5)).isCompletedWithValue(TermIndex.valueOf(3, 120));
    }

    @Test
    void shouldFetchAgainWhenTheLeadersLogHasMovedOn() {
        assertThat(notices.noticed(100, 5)).isNotDone();
        complete(0, 120);

        CompletableFuture<?> answer = notices.noticed(150, 5);

        assertThat(answer).isNotDone();
        assertThat(asked).containsExactly(100L, 150L);
        complete(1, 160);
        assertThat(notices.noticed(150, 5)).isCompletedWithValue(TermIndex.valueOf(3, 160));
    }

    @Test
    void shouldFetchAgainAfterAFailure() {
        CompletableFuture<?> first = notices.noticed(100, 5);

        fetches.get(0).completeExceptionally(new IOException("nobody there"));

        assertThat(first).failsWithin(PATIENCE);
        assertThat(notices.noticed(100, 5)).isNotDone();
        assertThat(asked).containsExactly(100L, 100L);
    }
}

package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.raftlog.raft.ratis.transport.FairTurns.Seat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerBudgetTest {
    private final FairTurns turns = new FairTurns(1, "budget-test");
    private final List<String> called = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        turns.close();
    }

    @Test
    void shouldCallThoseWhoWaitInTheirOrderOnceThereIsRoom() {
        PeerBudget budget = new PeerBudget(100);
        Seat first = turns.seat(() -> called.add("first"));
        Seat second = turns.seat(() -> called.add("second"));
        assertThat(budget.hasRoom(first)).isTrue();
        budget.take(60);
        assertThat(budget.hasRoom(first)).isTrue();
        budget.take(60);

        assertThat(budget.hasRoom(first)).isFalse();
        assertThat(budget.hasRoom(second)).isFalse();
        budget.giveBack(10);
        assertThat(called).isEmpty();
        budget.giveBack(50);

        await().atMost(Duration.ofSeconds(10)).until(() -> called.size() == 2);
        assertThat(called).containsExactly("first", "second");
        assertThat(budget.taken()).isEqualTo(60);
    }
}

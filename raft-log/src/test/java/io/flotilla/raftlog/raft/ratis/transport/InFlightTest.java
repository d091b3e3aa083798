package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.raft.ratis.transport.InFlight.Sent;
import org.apache.ratis.util.Timestamp;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final PeerBudget budget = new PeerBudget(10_000);
    private final InFlight inFlight = new InFlight(3, 1000, budget);

    private static Sent sent(long first, long bytes) {
        return new Sent(first - 1, first, bytes, Timestamp.currentTime());
    }

    @Test
    void shouldSendOneRequestUntilTheFollowerHasAnswered() {
        inFlight.add(1, sent(5, 10));
        assertThat(inFlight.hasRoom()).isFalse();

        inFlight.remove(1);
        inFlight.answered();
        inFlight.add(2, sent(6, 10));
        assertThat(inFlight.hasRoom()).isTrue();
    }

    @Test
    void shouldBoundRequestsAndBytes() {
        inFlight.answered();
        inFlight.add(1, sent(5, 10));
        inFlight.add(2, sent(6, 10));
        assertThat(inFlight.hasRoom()).isTrue();

        inFlight.add(3, sent(7, 10));
        assertThat(inFlight.hasRoom()).isFalse();

        inFlight.remove(1);
        assertThat(inFlight.hasRoom()).isTrue();
        inFlight.add(4, sent(8, 5000));
        inFlight.remove(2);
        assertThat(inFlight.hasRoom()).isFalse();
        assertThat(inFlight.bytes()).isEqualTo(5010);
    }

    @Test
    void shouldTakeOneRequestHoweverLarge() {
        assertThat(inFlight.hasRoom()).isTrue();
        inFlight.add(1, sent(5, 1_000_000));
        inFlight.remove(1);
        assertThat(inFlight.hasRoom()).isTrue();
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void shouldKnowTheOldestAndForgetAll() {
        inFlight.answered();
        inFlight.add(1, sent(5, 10));
        inFlight.add(2, sent(6, 20));

        assertThat(inFlight.oldest().orElseThrow().firstIndex()).isEqualTo(5);
        inFlight.clear();
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(inFlight.remove(2)).isNull();
        inFlight.add(3, sent(5, 10));
        assertThat(inFlight.hasRoom())
                .as("it has to prove anew that it takes entries")
                .isFalse();
    }

    @Test
    void shouldTakeFromTheBudgetExactlyWhatIsOnItsWay() {
        var other = new InFlight(3, 1000, budget);
        other.add(9, sent(1, 7));
        inFlight.add(1, sent(5, 10));
        inFlight.add(2, sent(6, 20));
        assertThat(budget.taken()).isEqualTo(37);

        inFlight.remove(1);
        assertThat(budget.taken()).isEqualTo(27);
        inFlight.clear();
        inFlight.clear();
        inFlight.remove(2);
        assertThat(budget.taken()).isEqualTo(7);
    }
}

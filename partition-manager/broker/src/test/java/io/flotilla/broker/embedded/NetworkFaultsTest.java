package io.flotilla.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.broker.embedded.NetworkFaults.Fate;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NetworkFaultsTest {
    private static final OptionalInt CLIENT = OptionalInt.empty();

    private static OptionalInt broker(int id) {
        return OptionalInt.of(id);
    }

    @Test
    void shouldHoldBothEndsBetweenTwoBrokersThatAreCut() {
        NetworkFaults cut = NetworkFaults.NONE.withCut(2, 1, true);

        assertThat(cut.of(1, broker(2))).isEqualTo(Fate.HELD);
        assertThat(cut.of(2, broker(1))).isEqualTo(Fate.HELD);
        assertThat(cut.of(1, broker(3))).isEqualTo(Fate.OPEN);
        assertThat(cut.of(1, CLIENT)).isEqualTo(Fate.OPEN);
        assertThat(cut.withCut(1, 2, false)).isEqualTo(NetworkFaults.NONE);
    }

    @Test
    void shouldHoldEverythingOfAPausedBroker() {
        NetworkFaults paused = NetworkFaults.NONE.withPaused(1, true);

        assertThat(paused.of(1, CLIENT)).isEqualTo(Fate.HELD);
        assertThat(paused.of(1, broker(2))).isEqualTo(Fate.HELD);
        assertThat(paused.of(2, broker(1))).isEqualTo(Fate.HELD);
        assertThat(paused.of(2, broker(3))).isEqualTo(Fate.OPEN);
        assertThat(paused.withPaused(1, false)).isEqualTo(NetworkFaults.NONE);
    }

    @Test
    void shouldResetTheOwnEndOfADeadBroker() {
        NetworkFaults dead = NetworkFaults.NONE.withDead(1, true).withPaused(1, true);

        assertThat(dead.of(1, CLIENT)).isEqualTo(Fate.RESET);
        assertThat(dead.withPaused(1, false).of(2, broker(1))).isEqualTo(Fate.OPEN);
    }
}

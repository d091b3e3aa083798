package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.FenceBroker;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long TIMEOUT = 9_000;
    private static final long WALL = 1_700_000_000_000L;

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final Liveness liveness = new Liveness();

    @BeforeEach
    void beginToLead() {
        assertThat(changeAt(0)).isEmpty();
    }

    private Optional<FenceBroker> changeAt(long nowMillis) {
        return liveness.change(metadata.image(), nowMillis, WALL + nowMillis, TIMEOUT);
    }

    private void hear(long nowMillis, int... brokers) {
        for (int id : brokers) {
            liveness.heard(PeerId.of(id, "d" + id), nowMillis);
        }
    }

    @Test
    void shouldFenceABrokerThatIsSilentForASessionTimeout() {
        hear(5_000, 1, 2, 3);
        hear(13_000, 1, 3);

        assertThat(changeAt(13_999)).isEmpty();
        assertThat(changeAt(14_000)).contains(new FenceBroker(2, "d2", WALL + 5_000));
    }

    @Test
    void shouldGiveBrokersNeverHeardOfASessionTimeoutToo() {
        hear(8_999, 1, 2);

        assertThat(changeAt(8_999)).isEmpty();
        assertThat(changeAt(9_000)).contains(new FenceBroker(3, "d3", WALL));
    }

    @Test
    void shouldTakeTheFenceDownWhenTheBrokerIsHeardAgain() {
        metadata.submit(new FenceBroker(2, "d2", WALL)).join();
        hear(1_000, 1, 3);
        assertThat(changeAt(1_000)).isEmpty();

        hear(1_500, 2);

        assertThat(changeAt(1_500)).contains(new FenceBroker(2, "d2", 0));
    }

    @Test
    void shouldNotTakeAFenceDownBecauseTheLeaderIsNew() {
        metadata.submit(new FenceBroker(2, "d2", WALL)).join();
        hear(10, 1, 2, 3);
        liveness.restart();
        hear(20, 1, 3);

        assertThat(changeAt(20)).isEmpty();
        assertThat(changeAt(1_000)).isEmpty();
    }

    @Test
    void shouldNotCountTheSignsOfLifeOfAnEarlierDirectory() {
        hear(8_000, 1, 2, 3);
        metadata.register(3, "wiped");
        assertThat(changeAt(8_500)).isEmpty();
        hear(17_000, 1, 2, 3);

        assertThat(changeAt(17_500)).contains(new FenceBroker(3, "wiped", WALL + 8_500));
    }
}

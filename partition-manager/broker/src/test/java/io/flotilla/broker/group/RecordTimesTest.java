package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordTimesTest {
    private static final long KEPT = RecordTimes.KEPT.toMillis();

    private final RecordTimes times = new RecordTimes();

    private static RecordPosition at(long offset) {
        return new RecordPosition(new PartitionId(new UUID(0, 1), 0), offset);
    }

    @Test
    void shouldKeepTheTimeOfARecordWhileItIsSomebodysNextOne() {
        times.learn(Map.of(at(3), OptionalLong.of(70)), Set.of(at(3)), 0);

        times.learn(Map.of(at(5), OptionalLong.of(80)), Set.of(at(3), at(5)), 10);
        assertThat(times.known(10)).isEqualTo(Map.of(at(3), OptionalLong.of(70), at(5), OptionalLong.of(80)));

        times.learn(Map.of(), Set.of(at(5)), 20);
        assertThat(times.known(20)).containsOnlyKeys(at(5));
    }

    @Test
    void shouldAskAnewNowAndThenSinceRecordsAreTrimmed() {
        times.learn(Map.of(at(3), OptionalLong.of(70)), Set.of(at(3)), 0);
        times.learn(Map.of(at(3), OptionalLong.of(70)), Set.of(at(3)), KEPT / 2);

        assertThat(times.known(KEPT - 1)).containsOnlyKeys(at(3));
        assertThat(times.known(KEPT)).isEmpty();
    }

    @Test
    void shouldNotKeepThatThereIsNoRecordYet() {
        times.learn(Map.of(at(3), OptionalLong.empty()), Set.of(at(3)), 0);

        assertThat(times.known(0)).isEmpty();
    }
}

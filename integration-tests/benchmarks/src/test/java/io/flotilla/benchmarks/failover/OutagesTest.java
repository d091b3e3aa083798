package io.flotilla.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class OutagesTest {
    private final Outages outages = new Outages("kill");

    @Test
    void shouldTakePercentilesOverTheOutagesOfAllTrials() {
        outages.add(50, millis(1, 50));
        outages.add(50, millis(51, 100));

        assertThat(outages.trials()).isEqualTo(2);
        assertThat(outages.affected()).isEqualTo(100);
        assertThat(outages.figures())
                .isEqualTo("kill_trials=2 kill_partitions=100 kill_p50_ms=50 kill_p99_ms=99 kill_max_ms=100");
    }

    @Test
    void shouldCountPartitionsThatDidNotComeBack() {
        outages.add(3, millis(10, 11));

        assertThat(outages.missing()).isEqualTo(1);
        assertThat(outages.affected()).isEqualTo(3);
    }

    @Test
    void shouldHaveNoPercentilesOfNothing() {
        outages.add(2, List.of());

        assertThat(outages.figures())
                .isEqualTo("kill_trials=1 kill_partitions=2 kill_p50_ms=none kill_p99_ms=none kill_max_ms=none");
    }

    @Test
    void shouldRefuseMoreReturnsThanPartitions() {
        assertThatThrownBy(() -> outages.add(1, millis(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 partitions came back, 1 were affected");
    }

    @Test
    void shouldShowARowForEachKindOfTrouble() {
        outages.add(1, millis(15, 15));

        assertThat(Outages.table(List.of(outages)))
                .containsExactly(
                        "TROUBLE  TRIALS  PARTITIONS  P50 MS  P99 MS  MAX MS",
                        "kill          1           1      15      15      15");
    }

    private static List<Long> millis(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .map(TimeUnit.MILLISECONDS::toNanos)
                .boxed()
                .toList();
    }
}

package io.flotilla.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendSettingsTest {
    /** A longer run would keep a slow producer from the other partitions while its pace comes up with it. */
    @ParameterizedTest
    @CsvSource({"300, 500, 500", "20, 500, 100", "1, 500, 10", "300, 3, 3"})
    void shouldMakeRunsOfNoMoreThanIsDueInFiveSeconds(double recordsPerSecond, int runMax, int longest) {
        SendSettings settings = new SendSettings(recordsPerSecond, runMax, 1, 0, 1);
        SplittableRandom random = new SplittableRandom(7);

        int found = IntStream.range(0, 100_000)
                .map(i -> settings.runLength(random))
                .max()
                .orElseThrow();

        assertThat(found).isEqualTo(longest);
    }
}

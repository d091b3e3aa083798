package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowedCountsTest {
    private static final long MINUTE = 60_000;
    private static final TopicPartition FIRST = new TopicPartition("lines", 0);
    private static final TopicPartition SECOND = new TopicPartition("lines", 1);

    private final WindowedCounts counts = new WindowedCounts(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @BeforeEach
    void readFirst() {
        counts.begin(FIRST, 0);
    }

    @Test
    void shouldCountWordsByTheMinuteOfTheirRecord() {
        counts.add(FIRST, 0, 59_999, "Sail ho sail");
        counts.add(FIRST, 1, MINUTE, "sail");
        assertThat(counts.close()).isEmpty();

        counts.add(FIRST, 2, 2 * MINUTE, "sail");
        assertThat(counts.close())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("sail@1970-01-01T00:00:00Z", 2L, "ho@1970-01-01T00:00:00Z", 1L));

        counts.add(FIRST, 3, 3 * MINUTE, "sail");
        assertThat(counts.close()).containsExactly(Map.entry("sail@1970-01-01T00:01:00Z", 1L));
    }

    @Test
    void shouldAddUpWhatAllPartitionsHave() {
        counts.begin(SECOND, 0);
        counts.add(FIRST, 0, 0, "sail");
        counts.add(SECOND, 0, 0, "sail");
        counts.add(FIRST, 1, 2 * MINUTE, "");
        counts.add(SECOND, 1, 2 * MINUTE, "");

        assertThat(counts.close()).containsExactly(Map.entry("sail@1970-01-01T00:00:00Z", 2L));
    }

    @Test
    void shouldLeaveOutWhatComesAfterItsWindowWasClosed() {
        counts.add(FIRST, 0, 2 * MINUTE - 1, "sail");
        counts.close();
        assertThat(counts.add(FIRST, 1, 0, "in time")).isTrue();

        counts.add(FIRST, 2, 2 * MINUTE, "sail");
        counts.close();
        assertThat(counts.add(FIRST, 3, 0, "late")).isFalse();
    }

    @Test
    void shouldKeepWindowsOpenForAPartitionThatIsBehind() {
        counts.begin(SECOND, 0);
        counts.add(FIRST, 0, 10 * MINUTE, "sail");
        counts.close();
        assertThat(counts.add(SECOND, 0, 0, "behind")).isTrue();

        counts.readToItsEnd(SECOND, true);
        counts.close();
        assertThat(counts.add(SECOND, 1, 0, "late")).isFalse();
    }

    @Test
    void shouldNameTheFirstRecordOfTheOldestOpenWindow() {
        counts.add(FIRST, 7, 0, "sail");
        counts.add(FIRST, 8, MINUTE, "sail");
        assertThat(counts.firstNeeded(FIRST, 9)).isEqualTo(7);

        counts.add(FIRST, 9, 2 * MINUTE, "sail");
        counts.close();
        assertThat(counts.firstNeeded(FIRST, 10)).isEqualTo(8);
    }

    @Test
    void shouldNotCountAWindowInPartThatWasClosedBefore() {
        counts.begin(SECOND, MINUTE);

        assertThat(counts.add(SECOND, 3, 0, "sail")).isFalse();
        assertThat(counts.add(SECOND, 4, MINUTE, "sail")).isTrue();
    }
}

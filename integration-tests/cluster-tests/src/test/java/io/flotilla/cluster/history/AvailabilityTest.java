package io.flotilla.cluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AvailabilityTest {
    @Test
    void shouldFindTheLongestSilenceAndTheSlowestAck() {
        var writes = List.of(write(0, 100, 130), write(1, 110, 900), write(2, 120, 140));

        var availability = Availability.of(writes);

        assertThat(availability.longestSilence()).isEqualTo(Duration.ofNanos(760));
        assertThat(availability.slowestAck()).isEqualTo(Duration.ofNanos(790));
    }

    @Test
    void shouldCountTheSilenceBeforeTheFirstAck() {
        assertThat(Availability.of(List.of(write(0, 100, 600), write(1, 110, 610)))
                        .longestSilence())
                .isEqualTo(Duration.ofNanos(500));
    }

    @Test
    void shouldBeZeroWithoutAnyAck() {
        var writes = List.of(Write.unacknowledged(new ValueId(0, 0), 0, 5));

        assertThat(Availability.of(writes)).isEqualTo(new Availability(Duration.ZERO, Duration.ZERO));
    }

    private static Write write(long sequence, long sentNanos, long ackNanos) {
        return Write.unacknowledged(new ValueId(0, sequence), 0, sentNanos)
                .acknowledged(new Write.Ack(0, sequence, ackNanos));
    }
}

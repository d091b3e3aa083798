package io.flotilla.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LeaderChangeTest {
    private final LeaderChange change = new LeaderChange(4, 1_000);

    @Test
    void shouldSeeNothingWhileTheOldLeaderAnswers() {
        change.acknowledged(4, 1_020);
        change.acknowledged(3, 1_040);

        assertThat(change.seen()).isEmpty();
    }

    @Test
    void shouldTellTheLongestTimeBetweenTwoAcknowledgementsUpToTheNewLeadersFirst() {
        change.acknowledged(4, 1_020);
        change.acknowledged(4, 1_110);
        change.acknowledged(5, 1_180);

        assertThat(change.seen()).contains(new LeaderChange.Seen(1_180, 90));
    }

    @Test
    void shouldCountFromTheLastAcknowledgementBeforeItBegan() {
        change.acknowledged(5, 1_180);

        assertThat(change.seen()).contains(new LeaderChange.Seen(1_180, 180));
    }

    @Test
    void shouldBeOverWithTheNewLeadersFirstAcknowledgement() {
        change.acknowledged(6, 1_050);
        change.acknowledged(6, 1_500);
        change.acknowledged(7, 9_000);

        assertThat(change.seen()).contains(new LeaderChange.Seen(1_050, 50));
    }

    @Test
    void shouldCompareTimesOfAClockThatOverflows() {
        var overflowing = new LeaderChange(0, Long.MAX_VALUE - 10);

        overflowing.acknowledged(1, Long.MIN_VALUE + 9);

        assertThat(overflowing.seen()).contains(new LeaderChange.Seen(Long.MIN_VALUE + 9, 20));
    }
}

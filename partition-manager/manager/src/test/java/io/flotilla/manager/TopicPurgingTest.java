package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.PurgeTopic;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TopicPurgingTest {
    private static final long INTERVAL_MILLIS = 5_000;
    private static final TopicPurgerSettings SETTINGS = new TopicPurgerSettings(
            Duration.ofMillis(INTERVAL_MILLIS), new Backoff(Duration.ofMillis(100), Duration.ofMillis(400)));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final WallClock clock = new WallClock();
    private boolean leads = true;
    private final TopicPurging purging = new TopicPurging(metadata, () -> leads, SETTINGS, clock);

    private static final class WallClock extends Clock {
        private long millis;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private long stepAt(long nowMillis) {
        return purging.step(nowMillis, () -> {});
    }

    @Test
    void shouldPurgeWhatIsDueOneAfterTheOtherAndWaitForTheRest() {
        Topic first = metadata.create("first", 1, 3);
        Topic second = metadata.create("second", 1, 3);
        metadata.create("third", 1, 3);
        metadata.change(
                new DeleteTopic("second", 0, 2_000),
                new DeleteTopic("first", 0, 1_000),
                new DeleteTopic("third", 0, 9_000));

        assertThat(stepAt(0)).isEqualTo(1_000);
        assertThat(metadata.submitted()).isEmpty();

        clock.millis = 2_500;
        stepAt(1);
        stepAt(2);

        assertThat(metadata.submitted())
                .containsExactly(new PurgeTopic(first.id(), 2_500), new PurgeTopic(second.id(), 2_500));
        assertThat(metadata.image().deletedTopics()).hasSize(1);
        assertThat(stepAt(3)).isEqualTo(INTERVAL_MILLIS);
    }

    @Test
    void shouldLeaveItToTheLeaderOfTheMetadata() {
        metadata.create("t", 1, 3);
        metadata.change(new DeleteTopic("t", 0, 1));
        clock.millis = 2;
        leads = false;

        assertThat(stepAt(0)).isEqualTo(INTERVAL_MILLIS);
        assertThat(metadata.submitted()).isEmpty();

        leads = true;
        stepAt(1);
        assertThat(metadata.submitted()).hasSize(1);
    }

    @Test
    void shouldTryAgainAfterAPause() {
        metadata.create("t", 1, 3);
        metadata.change(new DeleteTopic("t", 0, 1));
        clock.millis = 2;
        metadata.answerNext(CompletableFuture.failedFuture(new Refused(ErrorCode.NO_QUORUM, "nobody answers")));

        stepAt(0);
        assertThat(stepAt(1)).isEqualTo(100);
        assertThat(metadata.submitted()).hasSize(1);

        stepAt(101);
        assertThat(metadata.image().deletedTopics()).isEmpty();
    }

    @Test
    void shouldLeaveATopicThatIsBack() {
        metadata.create("t", 1, 3);
        metadata.change(new DeleteTopic("t", 0, 1), new UndeleteTopic("t"));
        clock.millis = 2;

        assertThat(stepAt(0)).isEqualTo(INTERVAL_MILLIS);
        assertThat(metadata.submitted()).isEmpty();
    }
}

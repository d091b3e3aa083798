package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.Outcome;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ControllerStepsTest {
    private static final ControllerSettings SETTINGS = new ControllerSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofMinutes(30), 8, Duration.ofSeconds(2));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final Liveness liveness = new Liveness();
    private final ControllerSteps steps = new ControllerSteps(metadata, leads::get, liveness, () -> 1_000, SETTINGS);

    private void stepAt(long nowMillis) {
        steps.step(nowMillis, () -> {});
    }

    /** Broker 3 stays silent and is to be fenced. */
    private void hearTwo(long nowMillis) {
        liveness.heard(PeerId.of(1, "d1"), nowMillis);
        liveness.heard(PeerId.of(2, "d2"), nowMillis);
    }

    @Test
    void shouldProposeWhatIsDueOnce() {
        stepAt(0);
        hearTwo(9_000);

        stepAt(9_000);
        stepAt(9_001);

        assertThat(metadata.submitted()).hasSize(1).allMatch(MetadataCommand.FenceBroker.class::isInstance);
        assertThat(metadata.image().broker(3).orElseThrow().status().isFenced()).isTrue();
    }

    @Test
    void shouldDoNothingWhileAnotherBrokerLeads() {
        leads.set(false);

        stepAt(0);
        stepAt(60_000);

        assertThat(metadata.submitted()).isEmpty();
    }

    @Test
    void shouldGiveBrokersAWholeSessionWhenItBeginsToLead() {
        stepAt(0);
        leads.set(false);
        stepAt(5_000);
        leads.set(true);
        stepAt(20_000);
        hearTwo(28_999);

        stepAt(28_999);
        assertThat(metadata.submitted()).isEmpty();

        stepAt(29_000);
        assertThat(metadata.submitted()).hasSize(1);
    }

    @Test
    void shouldHaveOneCommandUnderWayAndDecideAnewAfterAPauseWhenItFails() {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        stepAt(0);
        hearTwo(9_000);
        metadata.answerNext(answer);
        stepAt(9_000);
        stepAt(9_500);
        assertThat(metadata.submitted()).hasSize(1);

        answer.completeExceptionally(new Refused(ErrorCode.NO_QUORUM, "nobody leads"));
        stepAt(10_000);
        stepAt(11_999);
        assertThat(metadata.submitted()).hasSize(1);

        stepAt(12_000);
        assertThat(metadata.submitted()).hasSize(2);
        assertThat(metadata.image().broker(3).orElseThrow().status().isFenced()).isTrue();
    }
}

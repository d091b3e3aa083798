package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.Outcome;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ControllerStepsTest {
    private static final ControllerSettings SETTINGS = new ControllerSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofMinutes(30), 8, Duration.ofSeconds(2));

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final Liveness liveness = new Liveness();
    private @Nullable List<PeerId> voters;
    private final ControllerSteps steps = new ControllerSteps(
            metadata, leads::get, () -> Optional.ofNullable(voters), liveness, () -> 1_000, SETTINGS);

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

    @Test
    void shouldTellTheMetadataWhoVotesOnItAndNominateASuccessorForWhoLeaves() {
        metadata.register(4, "d4");
        PeerId one = PeerId.of(1, "d1");
        PeerId two = PeerId.of(2, "d2");
        PeerId three = PeerId.of(3, "d3");
        voters = List.of(one, two, three);
        stepAt(0);
        assertThat(metadata.image().metadataVoters()).isEqualTo(new MetadataVoters(voters, List.of()));

        metadata.change(new MetadataCommand.StartOperation(new UUID(0, 1), new Job.Decommission(1), 1_000));
        stepAt(1);
        assertThat(metadata.image().metadataVoters().target()).containsExactly(two, three, PeerId.of(4, "d4"));
        stepAt(2);
        assertThat(metadata.image().broker(1)).as("while it votes").isPresent();

        voters = metadata.image().metadataVoters().target();
        stepAt(3);
        stepAt(4);
        assertThat(metadata.image().metadataVoters()).isEqualTo(new MetadataVoters(voters, List.of()));
        assertThat(metadata.image().broker(1)).as("once it does not").isEmpty();
    }
}

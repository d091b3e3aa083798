package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.manager.VoterChange.Step;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The metadata's voters change one at a time, and the leadership is never with one that goes while another can have it. */
class MetadataVoterStepsTest {
    private static final PeerId ONE = PeerId.of(1, "d1");
    private static final PeerId TWO = PeerId.of(2, "d2");
    private static final PeerId THREE = PeerId.of(3, "d3");
    private static final PeerId FOUR = PeerId.of(4, "d4");

    @Test
    void shouldDoNothingWithoutATarget() {
        assertThat(MetadataVoterSteps.next(List.of(ONE, TWO, THREE), List.of(), ONE))
                .isEqualTo(new Step.Wait());
    }

    @Test
    void shouldMoveTheLeadershipBeforeAnythingElse() {
        assertThat(MetadataVoterSteps.next(List.of(ONE, TWO, THREE), List.of(TWO, THREE, FOUR), ONE))
                .isEqualTo(new Step.HandOver(List.of(TWO, THREE)));
    }

    @Test
    void shouldWaitUntilTheSuccessorHasAskedToVote() {
        assertThat(MetadataVoterSteps.next(List.of(ONE, TWO, THREE), List.of(TWO, THREE, FOUR), TWO))
                .isEqualTo(new Step.Wait());
    }

    @Test
    void shouldTakeOutWhoIsLeftOver() {
        assertThat(MetadataVoterSteps.next(List.of(ONE, TWO, THREE, FOUR), List.of(TWO, THREE, FOUR), TWO))
                .isEqualTo(new Step.Change(List.of(TWO, THREE, FOUR)));
    }

    @Test
    void shouldReplaceTheOnlyVoterByTheOneThatCame() {
        assertThat(MetadataVoterSteps.next(List.of(ONE), List.of(FOUR), ONE)).isEqualTo(new Step.Wait());
        assertThat(MetadataVoterSteps.next(List.of(ONE, FOUR), List.of(FOUR), ONE))
                .isEqualTo(new Step.HandOver(List.of(FOUR)));
        assertThat(MetadataVoterSteps.next(List.of(ONE, FOUR), List.of(FOUR), FOUR))
                .isEqualTo(new Step.Change(List.of(FOUR)));
    }

    @Test
    void shouldTakeOutWhomABrokerWasBeforeItsDiskWasWiped() {
        PeerId wiped = PeerId.of(3, "new");
        List<PeerId> voters = List.of(ONE, TWO, THREE, wiped);

        assertThat(MetadataVoterSteps.former(voters, Set.of(TWO, wiped), ONE)).contains(THREE);
        assertThat(MetadataVoterSteps.former(voters, Set.of(ONE, TWO), wiped)).contains(THREE);
        assertThat(MetadataVoterSteps.former(voters, Set.of(TWO), ONE)).isEmpty();
        assertThat(MetadataVoterSteps.former(List.of(ONE, TWO, THREE), Set.of(TWO), ONE))
                .isEmpty();
    }
}

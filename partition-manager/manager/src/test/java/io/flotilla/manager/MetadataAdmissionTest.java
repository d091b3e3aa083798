package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand.ChangeMetadataVoters;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whom the metadata's leader makes a voter. */
class MetadataAdmissionTest {
    private static final PeerId ONE = PeerId.of(1, "d1");
    private static final PeerId TWO = PeerId.of(2, "d2");
    private static final PeerId THREE = PeerId.of(3, "d3");
    private static final PeerId FOUR = PeerId.of(4, "d4");
    private static final List<PeerId> VOTERS = List.of(ONE, TWO, THREE);

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();

    private List<PeerId> admitted(PeerId joining, int seeds, PeerId... silent) {
        return admitted(joining, VOTERS, seeds, silent);
    }

    private List<PeerId> admitted(PeerId joining, List<PeerId> voters, int seeds, PeerId... silent) {
        return MetadataAdmission.admitting(joining, voters, metadata.image(), seeds, TWO, Set.of(silent));
    }

    @Test
    void shouldAddWhoWasNominatedForOneThatGoes() {
        metadata.change(new ChangeMetadataVoters(new MetadataVoters(VOTERS, List.of(TWO, THREE, FOUR))));

        assertThat(admitted(FOUR, 0)).containsExactly(ONE, TWO, THREE, FOUR);
    }

    @Test
    void shouldTakeOutTheSilentOneFirst() {
        PeerId five = PeerId.of(5, "d5");
        metadata.change(new ChangeMetadataVoters(new MetadataVoters(VOTERS, List.of(TWO, FOUR, five))));

        assertThat(admitted(FOUR, 0, THREE)).containsExactly(ONE, TWO);
        assertThat(admitted(FOUR, List.of(ONE, TWO), 0)).containsExactly(ONE, TWO, FOUR);
    }

    @Test
    void shouldAddABrokerWithANewDiskThatVotedBefore() {
        PeerId wiped = PeerId.of(3, "new");

        assertThat(admitted(wiped, 0)).containsExactly(ONE, TWO, THREE, wiped);
    }

    @Test
    void shouldTakeASeedAsOneMoreOnlyWhileThereAreMoreSeedsThanVoters() {
        assertThat(admitted(FOUR, 4)).containsExactly(ONE, TWO, THREE, FOUR);
        assertThatThrownBy(() -> admitted(FOUR, 3))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("4-d4");
    }

    @Test
    void shouldRefuseABrokerThatLeaves() {
        metadata.register(4, "d4");
        metadata.change(new StartOperation(new UUID(0, 1), new Job.Decommission(4), 0));

        assertThatThrownBy(() -> admitted(FOUR, 4)).isInstanceOf(Refused.class);
    }

    @Test
    void shouldChangeNothingForWhoVotesAlready() {
        assertThat(admitted(THREE, 0)).isEqualTo(VOTERS);
    }
}

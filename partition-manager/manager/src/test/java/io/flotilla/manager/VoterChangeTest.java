package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VoterChangeTest {
    private static final PeerId A = new PeerId("1-a");
    private static final PeerId B = new PeerId("2-b");
    private static final PeerId C = new PeerId("3-c");
    private static final PeerId D = new PeerId("4-d");
    private static final PeerId E = new PeerId("5-e");

    private static PartitionAssignment moving(List<PeerId> from, List<PeerId> to) {
        return PartitionAssignment.unled(0, from).towards(to);
    }

    @Test
    void shouldAddAPeerBeforeOneThatWorksLeaves() {
        PartitionAssignment assigned = moving(List.of(A, B, C), List.of(A, B, D));

        List<PeerId> after = VoterChange.admitting(D, List.of(A, B, C), assigned, A, Set.of());

        assertThat(after).containsExactlyInAnyOrder(A, B, C, D);
        assertThat(VoterChange.next(after, List.of(A, B, D), A))
                .isEqualTo(new VoterChange.Step.Change(List.of(A, B, D)));
    }

    /** One voter more than there shall be is enough. */
    @Test
    void shouldMakeRoomBeforeItAddsAnotherPeer() {
        PartitionAssignment assigned = moving(List.of(A, B, C), List.of(A, D, E));

        List<PeerId> first = VoterChange.admitting(E, List.of(A, B, C, D), assigned, A, Set.of());
        List<PeerId> second = VoterChange.admitting(E, first, assigned, A, Set.of());

        assertThat(first).containsExactlyInAnyOrder(A, C, D);
        assertThat(second).containsExactlyInAnyOrder(A, C, D, E);
    }

    /** Two voters are no majority of which one could be missing. */
    @Test
    void shouldAddToTwoVotersBeforeOneOfThemLeaves() {
        PartitionAssignment assigned = moving(List.of(A, B), List.of(A, C));

        List<PeerId> after = VoterChange.admitting(C, List.of(A, B), assigned, A, Set.of());

        assertThat(after).containsExactlyInAnyOrder(A, B, C);
        assertThat(VoterChange.next(after, List.of(A, C), A)).isEqualTo(new VoterChange.Step.Change(List.of(A, C)));
    }

    @Test
    void shouldTakeOutASilentVoterFirst() {
        PartitionAssignment assigned = moving(List.of(A, B, C), List.of(A, D, E));

        List<PeerId> first = VoterChange.admitting(D, List.of(A, B, C), assigned, A, Set.of(C));
        List<PeerId> second = VoterChange.admitting(D, first, assigned, A, Set.of());

        assertThat(first).containsExactlyInAnyOrder(A, B);
        assertThat(second).containsExactlyInAnyOrder(A, B, D);
    }

    @Test
    void shouldGrowWhileOnlyTheLeaderIsToLeave() {
        List<PeerId> after =
                VoterChange.admitting(D, List.of(A, B, C), moving(List.of(A, B, C), List.of(B, C, D)), A, Set.of());

        assertThat(after).containsExactlyInAnyOrder(A, B, C, D);
    }

    @Test
    void shouldNotTakeAnybodyOutForAPeerThatOnlyComesBack() {
        List<PeerId> after =
                VoterChange.admitting(C, List.of(A, B), PartitionAssignment.unled(0, List.of(A, B, C)), A, Set.of(B));

        assertThat(after).containsExactlyInAnyOrder(A, B, C);
    }

    @Test
    void shouldRefuseAPeerThatIsToHaveNoReplica() {
        PartitionAssignment assigned = moving(List.of(A, B, C), List.of(A, B, D));

        assertThatThrownBy(() -> VoterChange.admitting(E, List.of(A, B, C), assigned, A, Set.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("5-e")
                .hasMessageContaining("4-d");
    }

    @Test
    void shouldWaitForPeersThatHaveYetToCome() {
        assertThat(VoterChange.next(List.of(A, B, C), List.of(A, B, D), A)).isInstanceOf(VoterChange.Step.Wait.class);
    }

    @Test
    void shouldTakeOutWhoIsLeftOverOneByOne() {
        assertThat(VoterChange.next(List.of(A, B, C, D), List.of(A, D), A))
                .isEqualTo(new VoterChange.Step.Change(List.of(A, C, D)));
        assertThat(VoterChange.next(List.of(A, C, D), List.of(A, D), A))
                .isEqualTo(new VoterChange.Step.Change(List.of(A, D)));
    }

    @Test
    void shouldHandOverBeforeTheLeaderLeaves() {
        assertThat(VoterChange.next(List.of(A, B, C, D), List.of(B, C, D), A))
                .isEqualTo(new VoterChange.Step.HandOver(List.of(B, C, D)));
    }
}

package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeadershipHandoverTest {
    private static final PeerId SELF = PeerId.of(1, "a");
    private static final PeerId SECOND = PeerId.of(2, "b");
    private static final PeerId THIRD = PeerId.of(3, "c");
    private static final List<PeerId> MEMBERS = List.of(SELF, SECOND, THIRD);
    private static final Leadership LEADER = new Leadership(Leadership.Role.LEADER, 4, Optional.of(SELF), true);
    private static final Duration NO_TIME = Duration.ZERO;

    private final LeadershipHandover handover = new LeadershipHandover();
    private final List<PeerId> asked = new ArrayList<>();

    private CompletableFuture<Void> taken(PeerId target) {
        asked.add(target);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> refused(PeerId target) {
        asked.add(target);
        return CompletableFuture.failedFuture(new Refused(ErrorCode.TIMEOUT, "it did not take it"));
    }

    @Test
    void shouldChooseAmongFollowersInStep() {
        assertThat(LeadershipHandover.successors(MEMBERS, Set.of(THIRD), peer -> true))
                .as("the second has ended, or is far behind")
                .containsExactly(THIRD);
        assertThat(LeadershipHandover.successors(MEMBERS, Set.of(THIRD, SECOND), peer -> true))
                .containsExactly(SECOND, THIRD);
        assertThat(LeadershipHandover.successors(MEMBERS, Set.of(), peer -> true))
                .isEmpty();
    }

    @Test
    void shouldPreferWhoeverMayKeepTheLeadership() {
        assertThat(LeadershipHandover.successors(MEMBERS, Set.of(SECOND, THIRD), THIRD::equals))
                .containsExactly(THIRD, SECOND);
    }

    @Test
    void shouldGiveUpAtOnceWhereNobodyCanTakeIt() {
        handover.add("g", LEADER, List::of, this::taken);

        handover.await(NO_TIME);

        assertThat(asked).isEmpty();
        assertThat(handover.taken()).isZero();
    }

    @Test
    void shouldTryTheNextOneWhereOneDoesNotTakeIt() {
        handover.add(
                "g",
                LEADER,
                () -> List.of(SECOND, THIRD),
                target -> target.equals(SECOND) ? refused(target) : taken(target));

        handover.await(NO_TIME);

        assertThat(asked).containsExactly(SECOND, THIRD);
        assertThat(handover.taken()).isOne();
    }

    @Test
    void shouldTryNobodyTwice() {
        handover.add("g", LEADER, () -> List.of(SECOND, THIRD), this::refused);

        handover.await(NO_TIME);

        assertThat(asked).containsExactly(SECOND, THIRD);
        assertThat(handover.taken()).isZero();
    }

    @Test
    void shouldLeaveAloneWhatItDoesNotLead() {
        handover.add("g", Leadership.UNKNOWN, () -> List.of(SECOND), this::taken);

        assertThat(asked).isEmpty();
    }
}

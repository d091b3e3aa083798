package io.flotilla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeadershipHandoverTest {
    private static final PeerId SELF = PeerId.of(1, "a");
    private static final PeerId SECOND = PeerId.of(2, "b");
    private static final PeerId THIRD = PeerId.of(3, "c");
    private static final List<PeerId> MEMBERS = List.of(SELF, SECOND, THIRD);
    private static final Leadership LEADER = new Leadership(Leadership.Role.LEADER, 4, Optional.of(SELF), true);
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final int AT_ONCE_MAX = 2;

    private final LeadershipHandover handover = new LeadershipHandover(AT_ONCE_MAX);
    private final List<PeerId> asked = Collections.synchronizedList(new ArrayList<>());

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

        handover.run(ENOUGH);

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

        handover.run(ENOUGH);

        assertThat(asked).containsExactly(SECOND, THIRD);
        assertThat(handover.taken()).isOne();
    }

    @Test
    void shouldTryNobodyTwice() {
        handover.add("g", LEADER, () -> List.of(SECOND, THIRD), this::refused);

        handover.run(ENOUGH);

        assertThat(asked).containsExactly(SECOND, THIRD);
        assertThat(handover.taken()).isZero();
    }

    @Test
    void shouldLeaveAloneWhatItDoesNotLead() {
        handover.add("g", Leadership.UNKNOWN, () -> List.of(SECOND), this::taken);

        handover.run(ENOUGH);

        assertThat(asked).isEmpty();
    }

    @Test
    void shouldHandOverThousandsThatEndAtOnce() {
        int thousands = 20_000;
        for (int n = 0; n < thousands; n++) {
            handover.add("g" + n, LEADER, () -> List.of(SECOND), this::taken);
        }

        handover.run(ENOUGH);

        assertThat(handover.taken()).isEqualTo(thousands);
    }

    @Test
    void shouldHaveNoMoreUnderWayThanAllowedAndBeginNothingOnceTheTimeIsOver() {
        List<CompletableFuture<Void>> begun = Collections.synchronizedList(new ArrayList<>());
        for (int n = 0; n < 5; n++) {
            handover.add("g" + n, LEADER, () -> List.of(SECOND), target -> {
                CompletableFuture<Void> unanswered = new CompletableFuture<>();
                begun.add(unanswered);
                return unanswered;
            });
        }

        handover.run(Duration.ZERO);
        assertThat(begun).hasSize(AT_ONCE_MAX);

        List.copyOf(begun).forEach(unanswered -> unanswered.complete(null));
        ForkJoinPool.commonPool().awaitQuiescence(ENOUGH.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(begun).hasSize(AT_ONCE_MAX);
    }
}

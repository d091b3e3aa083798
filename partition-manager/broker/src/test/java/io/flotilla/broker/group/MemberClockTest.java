package io.flotilla.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupChange;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.GroupRules;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.metadata.group.SubscribedTopics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemberClockTest {
    private static final int SESSION = 1_000;
    private static final int REVOCATION = 5_000;
    private static final SubscribedTopics TOPICS =
            SubscribedTopics.of(Map.of("t", new SubscribedTopics.Partitions(new UUID(0, 1), 4)));
    private static final MemberKey A = new MemberKey("g", "a");

    private final MemberClock clock = new MemberClock();
    private ConsumerGroup group = ConsumerGroup.empty("g");

    private static ConsumerGroup done(GroupChange change) {
        return ((GroupChange.Done) change).group();
    }

    private void join(String id) {
        MemberInfo info = new MemberInfo(id, Optional.of(id), "", "", Optional.empty(), SESSION, REVOCATION);
        group = done(GroupRules.join(group, TOPICS, info, Set.of("t"), 0));
    }

    private Groups groups() {
        return Groups.NONE.with(GroupEntry.empty("g", 0).with(group, 0));
    }

    @Test
    void shouldGiveWhoeverItSeesFirstAllTheTime() {
        join("a");

        assertThat(clock.overdue(groups(), 50_000)).isEmpty();
        assertThat(clock.overdue(groups(), 50_000 + SESSION - 1)).isEmpty();
        assertThat(clock.overdue(groups(), 50_000 + SESSION))
                .containsExactly(new MemberClock.Overdue(A, "a has been silent for 1.0 s"));
    }

    @Test
    void shouldCountFromTheLastSignOfLife() {
        join("a");
        clock.heard(A, 100);
        clock.heard(A, 900);

        assertThat(clock.overdue(groups(), 1_899)).isEmpty();
        assertThat(clock.silentMillis(A, 1_899)).hasValue(999);
        assertThat(clock.overdue(groups(), 1_900)).hasSize(1);
    }

    @Test
    void shouldBeginAnewForANextCoordinator() {
        join("a");
        clock.heard(A, 0);
        clock.reset();

        assertThat(clock.overdue(groups(), 5_000)).isEmpty();
        assertThat(clock.silentMillis(A, 5_000)).isEmpty();
        assertThat(clock.overdue(groups(), 6_000)).hasSize(1);
    }

    @Test
    void shouldRemoveAMemberThatIsAwayForTooLong() {
        join("a");
        clock.heard(A, 0);
        group = done(GroupRules.goAway(group, TOPICS, "a", 0));

        assertThat(clock.overdue(groups(), SESSION).get(0).reason()).isEqualTo("a has been away for 1.0 s");
    }

    @Test
    void shouldRemoveAMemberThatDoesNotGivePartitionsUpHoweverAliveItIs() {
        join("a");
        clock.heard(A, 0);
        assertThat(clock.overdue(groups(), 0)).isEmpty();
        join("b");
        long told = 100;
        for (long now = told; now < told + REVOCATION; now += 500) {
            clock.heard(A, now);
            clock.heard(new MemberKey("g", "b"), now);
            assertThat(clock.overdue(groups(), now)).as("at %d", now).isEmpty();
        }
        GroupMember a = group.member("a").orElseThrow();
        assertThat(clock.revocationLeftMillis(A, a, told + REVOCATION - 10)).hasValue(10);

        clock.heard(A, told + REVOCATION);
        clock.heard(new MemberKey("g", "b"), told + REVOCATION);

        assertThat(clock.overdue(groups(), told + REVOCATION))
                .containsExactly(new MemberClock.Overdue(A, "a has not given up 2 partitions within 5.0 s"));
    }

    @Test
    void shouldForgetThoseThatAreGone() {
        join("a");
        clock.heard(A, 0);

        clock.overdue(Groups.NONE, 1);

        assertThat(clock.silentMillis(A, 1)).isEmpty();
    }
}

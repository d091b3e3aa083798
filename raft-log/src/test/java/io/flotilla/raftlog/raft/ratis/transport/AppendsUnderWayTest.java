package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class AppendsUnderWayTest {
    private static final UUID GROUP = new UUID(1, 1);

    private final AppendsUnderWay<Object> underWay = new AppendsUnderWay<>();
    private final Object member = new Object();

    @Test
    void shouldTakeAppendsThatFollowEachOther() {
        assertThat(underWay.begin(GROUP, member, 10, 19)).isTrue();
        assertThat(underWay.begin(GROUP, member, 20, 29)).isTrue();
    }

    @Test
    void shouldRefuseAnAppendThatBeginsAmongEntriesBeingWritten() {
        underWay.begin(GROUP, member, 10, 19);

        assertThat(underWay.begin(GROUP, member, 19, 25)).isFalse();
        assertThat(underWay.begin(GROUP, member, 10, 19)).isFalse();
    }

    @Test
    void shouldTakeThemAgainOnceAllAreWritten() {
        underWay.begin(GROUP, member, 10, 19);
        underWay.begin(GROUP, member, 20, 29);
        underWay.end(GROUP, member);
        assertThat(underWay.begin(GROUP, member, 20, 29)).isFalse();

        underWay.end(GROUP, member);

        assertThat(underWay.begin(GROUP, member, 10, 19)).isTrue();
    }

    @Test
    void shouldHoldNothingAgainstAMemberThatTakesThePlaceOfAFailedOne() {
        underWay.begin(GROUP, member, 10, 19); // never written: its log has failed
        Object successor = new Object();

        assertThat(underWay.begin(GROUP, successor, 10, 14)).isTrue();
        assertThat(underWay.begin(GROUP, successor, 14, 16)).isFalse();
    }

    @Test
    void shouldNotEndTheAppendsOfASuccessor() {
        underWay.begin(GROUP, member, 10, 19);
        Object successor = new Object();
        underWay.begin(GROUP, successor, 10, 14);

        underWay.end(GROUP, member);

        assertThat(underWay.begin(GROUP, successor, 12, 20)).isFalse();
    }

    @Test
    void shouldTellGroupsApart() {
        underWay.begin(GROUP, member, 10, 19);

        assertThat(underWay.begin(new UUID(1, 2), member, 10, 19)).isTrue();
    }
}

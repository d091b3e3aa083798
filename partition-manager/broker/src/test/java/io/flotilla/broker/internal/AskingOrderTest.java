package io.flotilla.broker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AskingOrderTest {
    private static final int SELF = 1;

    private final AskingOrder order = new AskingOrder(SELF, List.of(2, 1, 3, 4));

    private List<Integer> rest() {
        List<Integer> rest = new ArrayList<>();
        for (OptionalInt next = order.next(); next.isPresent(); next = order.next()) {
            rest.add(next.getAsInt());
        }
        return rest;
    }

    @Test
    void shouldAskEachOtherBrokerOnceInTheGivenOrder() {
        assertThat(rest()).containsExactly(2, 3, 4);
    }

    @Test
    void shouldAskNextWhomABrokerNames() {
        order.next();
        order.refused(2, notLeader(Optional.of(4)));

        assertThat(rest()).containsExactly(4, 3);
    }

    @Test
    void shouldNotGoInCirclesWhereBrokersNameEachOther() {
        order.next();
        order.refused(2, notLeader(Optional.of(3)));
        order.next();
        order.refused(3, notLeader(Optional.of(2)));

        assertThat(rest()).containsExactly(4);
    }

    @Test
    void shouldAskALeaderAgainThatHasMadeRoom() {
        order.next();
        order.refused(2, notReady());

        assertThat(rest()).containsExactly(2, 3, 4);
    }

    @Test
    void shouldAskLeadersThatAreNeverReadyABoundedNumberOfTimes() {
        List<Integer> asked = new ArrayList<>();
        for (OptionalInt next = order.next(); next.isPresent(); next = order.next()) {
            asked.add(next.getAsInt());
            order.refused(next.getAsInt(), notReady());
        }

        assertThat(asked).hasSize(AskingOrder.ROUNDS_MAX + 2).startsWith(2, 2).endsWith(3, 4);
    }

    @Test
    void shouldGoOnWhereABrokerIsNotReached() {
        order.next();
        order.refused(2, new IOException("connection refused"));

        assertThat(rest()).containsExactly(3, 4);
    }

    private static IOException notLeader(Optional<Integer> leader) {
        return new IOException(new NotLeader("it does not lead", 4, leader));
    }

    private static IOException notReady() {
        return new IOException(new Refused(ErrorCode.LEADER_NOT_READY, "room was made; ask again"));
    }
}

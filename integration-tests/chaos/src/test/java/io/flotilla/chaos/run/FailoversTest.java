package io.flotilla.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.run.Failovers.Failover;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FailoversTest {
    private static final Place STRUCK = new Place("orders", 0);
    private static final Place OTHER = new Place("orders", 1);

    @Test
    void shouldMeasureFromTheStrikeToTheFirstAcknowledgementOfALaterSend() {
        List<Event> history = List.of(
                leader(1, STRUCK, 1, 2),
                leader(1, OTHER, 1, 3),
                sent(9, 1, STRUCK),
                struck(10, 2),
                answered(11, 1, Outcome.OK), // was under way when the leader was struck
                sent(12, 2, STRUCK),
                sent(13, 3, OTHER),
                answered(14, 3, Outcome.OK),
                sent(100, 4, STRUCK),
                answered(900, 2, Outcome.INFO),
                answered(1_010, 4, Outcome.OK),
                sent(1_100, 5, STRUCK),
                answered(1_200, 5, Outcome.OK));

        assertThat(Failovers.of(history)).containsExactly(new Failover(4, "KILL", STRUCK, 2, 1_000));
    }

    @Test
    void shouldAskForTheLeaderOfTheHighestTerm() {
        List<Event> history = List.of(
                leader(1, STRUCK, 2, 3),
                leader(2, STRUCK, 1, 2), // the old leader has not noticed yet
                struck(10, 2),
                sent(11, 1, STRUCK),
                answered(12, 1, Outcome.OK));

        assertThat(Failovers.of(history)).isEmpty();
    }

    @Test
    void shouldTellOfWhatNeverEnded() {
        List<Event> history =
                List.of(leader(1, STRUCK, 1, 2), struck(10, 2), sent(12, 1, STRUCK), answered(20, 1, Outcome.FAIL));

        assertThat(Failovers.of(history)).containsExactly(new Failover(4, "KILL", STRUCK, 2, Failovers.NEVER));
    }

    @Test
    void shouldMeasureTwoStrikesOfOneOutage() {
        List<Event> history = List.of(
                leader(1, STRUCK, 1, 2),
                struck(10, 2),
                struck(20, 2),
                sent(30, 1, STRUCK),
                answered(40, 1, Outcome.OK));

        assertThat(Failovers.of(history))
                .containsExactly(new Failover(4, "KILL", STRUCK, 2, 30), new Failover(4, "KILL", STRUCK, 2, 20));
    }

    private static Event leader(long millis, Place place, int term, int node) {
        return new Event.LeaderSeen(millis * 1_000_000, place, term, node);
    }

    private static Event struck(long millis, int node) {
        return new Event.FaultStep(millis * 1_000_000, 4, "KILL", "armed", List.of(node), new TreeMap<>(), "");
    }

    private static Event sent(long millis, long op, Place place) {
        return new Event.SendInvoked(millis * 1_000_000, op, 1, place, 1, op, 40);
    }

    private static Event answered(long millis, long op, Outcome outcome) {
        return new Event.SendCompleted(
                millis * 1_000_000,
                op,
                1,
                outcome,
                outcome == Outcome.OK ? op : -1,
                outcome == Outcome.OK ? "" : "late");
    }
}

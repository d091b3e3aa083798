package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.VoteSeen;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.Map;

/** C23: one leader per partition and term, and one vote per broker in it. */
final class LeaderCheck implements Check {
    private record Term(Place place, int term) {}

    private record Ballot(Place place, int term, int node) {}

    private final Violations violations;
    private final Map<Term, LeaderSeen> leaders = new HashMap<>();
    private final Map<Ballot, VoteSeen> votes = new HashMap<>();

    LeaderCheck(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof LeaderSeen seen) {
            violations.judged(CheckId.C23);
            LeaderSeen first = leaders.putIfAbsent(new Term(seen.place(), seen.term()), seen);
            if (first != null && first.node() != seen.node()) {
                violations.add(
                        CheckId.C23,
                        seen.nanos(),
                        seen.place(),
                        -1,
                        0,
                        "nodes " + first.node() + " and " + seen.node() + " lead in term " + seen.term());
            }
        } else if (event instanceof VoteSeen seen) {
            violations.judged(CheckId.C23);
            VoteSeen first = votes.putIfAbsent(new Ballot(seen.place(), seen.term(), seen.node()), seen);
            if (first != null && first.candidate() != seen.candidate()) {
                violations.add(
                        CheckId.C23,
                        seen.nanos(),
                        seen.place(),
                        -1,
                        0,
                        "node " + seen.node() + " voted for " + first.candidate() + " and for " + seen.candidate()
                                + " in term " + seen.term());
            }
        }
    }
}

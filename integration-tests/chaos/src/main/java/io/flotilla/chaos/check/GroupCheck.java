package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.Assigned;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.Revoked;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * C12: (a) zombies, (b) commits that go back, (c) holes, (d) two owners and (e) more redelivered than was not committed,
 * for each group and partition by its {@link GroupPartitionState}. A consumer belongs to the group whose member it was
 * last.
 */
final class GroupCheck implements Check {
    private record Open(CommitInvoked commit, long floor) {}

    private final Places places;
    private final Violations violations;
    private final Map<Integer, String> groups = new HashMap<>();
    private final Map<String, Map<Place, GroupPartitionState>> states = new HashMap<>();
    private final Map<String, Map<Long, Open>> open = new HashMap<>();

    GroupCheck(Places places, Violations violations) {
        this.places = places;
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof Polled polled) {
            GroupPartitionState state = stateOf(polled.consumer(), polled.place());
            if (state != null) {
                state.polled(polled.records());
            }
        } else if (event instanceof PositionSet set) {
            GroupPartitionState state = stateOf(set.consumer(), set.place());
            if (state != null) {
                state.positionSet(set);
            }
        } else if (event instanceof Assigned assigned) {
            groups.put(assigned.consumer(), assigned.group());
            for (Place place : assigned.places()) {
                violations.judged(CheckId.C12);
                stateOf(assigned.group(), place).assigned(assigned);
            }
        } else if (event instanceof Revoked revoked) {
            for (Place place : revoked.places()) {
                stateOf(revoked.group(), place).revoked(revoked);
            }
        } else if (event instanceof CommitInvoked commit) {
            long floor = stateOf(commit.group(), commit.place()).commitInvoked(commit);
            open.computeIfAbsent(commit.group(), ignored -> new HashMap<>())
                    .put((long) commit.consumer() << 40 | commit.op(), new Open(commit, floor));
        } else if (event instanceof CommitCompleted completed) {
            Open commit = open.getOrDefault(completed.group(), Map.of())
                    .remove((long) completed.consumer() << 40 | completed.op());
            if (commit != null && completed.outcome() == Outcome.OK) {
                violations.judged(CheckId.C12);
                stateOf(completed.group(), commit.commit.place())
                        .committed(commit.commit, commit.floor, completed.nanos());
            }
        }
    }

    private @Nullable GroupPartitionState stateOf(int consumer, Place place) {
        String group = groups.get(consumer);
        return group == null ? null : stateOf(group, place);
    }

    private GroupPartitionState stateOf(String group, Place place) {
        return states.computeIfAbsent(group, ignored -> new HashMap<>())
                .computeIfAbsent(place, ignored -> new GroupPartitionState(places.of(place), group, violations));
    }
}

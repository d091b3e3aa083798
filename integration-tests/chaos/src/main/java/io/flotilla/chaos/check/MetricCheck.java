package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.MetricRead;
import io.flotilla.chaos.history.Event.NodeExited;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * C10 of metrics: a broker's metric of a high watermark never lies above the log's end at last, and, of the leader in
 * times without faults, not below what was committed when the metric may have been taken.
 */
final class MetricCheck implements Check {
    private static final String METRIC = "high_watermark";

    private final Places places;
    private final Episodes episodes;
    private final long lagNanos;
    private final Violations violations;
    private final Map<Place, LeaderSeen> leaders = new HashMap<>();
    private final Map<Place, MetricRead> highest = new HashMap<>();

    MetricCheck(Places places, Episodes episodes, JudgeSettings settings, Violations violations) {
        this.places = places;
        this.episodes = episodes;
        this.lagNanos = settings.metricLag().toNanos();
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof LeaderSeen seen) {
            LeaderSeen before = leaders.get(seen.place());
            if (before == null || seen.term() > before.term()) {
                leaders.put(seen.place(), seen);
            }
        } else if (event instanceof NodeExited exited) {
            // Started again it leads nothing, and knows nothing of what is committed until a leader tells it.
            leaders.values().removeIf(leader -> leader.node() == exited.node());
        } else if (event instanceof MetricRead read && read.metric().contains(METRIC)) {
            metric(read);
        }
    }

    private void metric(MetricRead read) {
        violations.judged(CheckId.C10);
        MetricRead before = highest.get(read.place());
        if (before == null || read.value() > before.value()) {
            highest.put(read.place(), read);
        }
        LeaderSeen leader = leaders.get(read.place());
        long taken = read.startNanos() - lagNanos;
        if (leader == null || leader.node() != read.node() || leader.nanos() > taken || episodes.isActive()) {
            return;
        }
        long committed = places.of(read.place()).committed.before(taken);
        if (committed != FloorHistory.FORGOTTEN && read.value() <= committed) {
            violations.add(
                    CheckId.C10,
                    read.nanos(),
                    read.place(),
                    committed,
                    0,
                    "node " + read.node() + ", the leader, says " + read.metric() + " " + read.value()
                            + ", but offset " + committed + " was committed " + lagNanos / 1_000_000_000
                            + " s before it was asked");
        }
    }

    @Override
    public void end() {
        highest.forEach((name, read) -> {
            FinalShape.Copy log = places.of(name).shape.leader();
            if (log != null && log.isWhole() && read.value() > log.end()) {
                violations.add(
                        CheckId.C10,
                        read.nanos(),
                        name,
                        -1,
                        0,
                        "node " + read.node() + " said " + read.metric() + " " + read.value()
                                + ", but the final log ends at " + log.end());
            }
        });
    }
}

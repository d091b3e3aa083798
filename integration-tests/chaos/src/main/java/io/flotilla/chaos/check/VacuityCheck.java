package io.flotilla.chaos.check;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.BoundRead;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommittedRead;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.PhaseBegan;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.RunStarted;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** C22: a run in which too little succeeded, or whose faults had no effect, proves nothing; it does not pass. */
final class VacuityCheck implements Check {
    /** Sends outside of faults, below which their share of success says nothing. */
    private static final long CALM_SENDS_MIN = 20;

    private final Episodes episodes;
    private final JudgeSettings settings;
    private final Violations violations;
    private final Map<Place, LeaderSeen> leaders = new HashMap<>();
    private long okSends;
    private long failedSends;
    private long unknownSends;
    private long polls;
    private long polledRecords;
    private long otherOk;
    private long calmSends;
    private long calmOk;
    private long leaderChanges;
    private boolean started;
    private boolean ended;

    VacuityCheck(Episodes episodes, JudgeSettings settings, Violations violations) {
        this.episodes = episodes;
        this.settings = settings;
        this.violations = violations;
    }

    void sendCompleted(SendCompleted sent) {
        switch (sent.outcome()) {
            case OK -> okSends++;
            case FAIL -> failedSends++;
            case INFO -> unknownSends++;
        }
        if (!episodes.isActive()) {
            calmSends++;
            calmOk += sent.outcome() == Outcome.OK ? 1 : 0;
        }
    }

    @Override
    public void see(Event event) {
        if (event instanceof Polled polled) {
            polls++;
            polledRecords += polled.records().size();
        } else if (event instanceof BoundRead || event instanceof CommittedRead) {
            otherOk++;
        } else if (event instanceof CommitCompleted completed) {
            otherOk += completed.outcome() == Outcome.OK ? 1 : 0;
        } else if (event instanceof LeaderSeen seen) {
            LeaderSeen before = leaders.get(seen.place());
            if (before == null || seen.term() > before.term()) {
                leaderChanges += before == null || before.node() == seen.node() ? 0 : 1;
                leaders.put(seen.place(), seen);
            }
        } else if (event instanceof RunStarted) {
            started = true;
        } else if (event instanceof PhaseBegan began) {
            ended |= began.phase().equals("ended");
        }
    }

    @Override
    public void end() {
        violations.judged(CheckId.C22);
        if (!started || !ended) {
            violations.unknown(CheckId.C22, "the history has no " + (started ? "end" : "beginning"));
        }
        long ok = okSends + polls + otherOk;
        if (ok < settings.okOperationsMin()) {
            violations.add(
                    CheckId.C22,
                    -1,
                    "only " + ok + " operations have succeeded, " + settings.okOperationsMin() + " are the least");
        }
        if (calmSends >= CALM_SENDS_MIN && calmOk < settings.okShareMin() * calmSends) {
            violations.add(
                    CheckId.C22, -1, "outside of faults only " + calmOk + " of " + calmSends + " sends have succeeded");
        }
        boolean killed = false;
        for (Episodes.Spell spell : episodes.spells()) {
            if (!spell.isVerified()) {
                violations.add(CheckId.C22, spell.armedNanos(), "it is not proved that it took effect: " + spell);
            }
            killed |= spell.is(FaultId.KILL)
                    && !"FOLLOWER".equals(spell.armed().parameters().get("role"));
        }
        if (killed && leaderChanges == 0) {
            violations.add(CheckId.C22, -1, "brokers were killed, but no leader has changed");
        }
    }

    void count(SortedMap<String, Long> counters) {
        counters.put("sends acknowledged", okSends);
        counters.put("sends failed", failedSends);
        counters.put("sends with unknown outcome", unknownSends);
        counters.put("polls", polls);
        counters.put("records polled", polledRecords);
        counters.put("other operations that succeeded", otherOk);
        counters.put("leader changes", leaderChanges);
        counters.put("faults", (long) episodes.spells().size());
        counters.put("operations", okSends + failedSends + unknownSends + polls);
    }
}

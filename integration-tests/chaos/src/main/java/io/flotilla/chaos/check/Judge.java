package io.flotilla.chaos.check;

import io.flotilla.chaos.check.CheckResult.Status;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.FaultStep;
import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.ProducerOpened;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Event.TopicUsed;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.HistorySummary;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges histories by all checks; the package's description tells how. */
public final class Judge {
    private final Path history;
    private final Violations violations = new Violations();
    private final Episodes episodes = new Episodes();
    private final Producers producers = new Producers();
    private final Places places;
    private final Reads reads;
    private final Sends sends;
    private final VacuityCheck vacuity;
    private final List<Check> checks;

    private Judge(Path history, JudgeSettings settings, Spill spill) {
        this.history = history;
        this.places = new Places(spill);
        this.reads = new Reads(places, violations);
        this.vacuity = new VacuityCheck(episodes, settings, violations);
        var liveness = new LivenessCheck(episodes, settings, violations);
        var retention = new RetentionCheck(places, episodes, settings, violations);
        this.sends = new Sends(places, producers, retention, liveness, vacuity, violations);
        this.checks = List.of(
                vacuity,
                liveness,
                retention, // looks at what a read of bounds removes before it is known
                new BoundsCheck(places, violations),
                new PollOrderCheck(places, violations),
                new GroupCheck(places, violations),
                new CommittedReadCheck(violations),
                new MetricCheck(places, episodes, settings, violations),
                new RegisterCheck(settings, violations),
                new LeakCheck(episodes, settings, violations),
                new ProcessCheck(violations),
                new LeaderCheck(violations));
    }

    /**
     * Judges the history in a folder.
     *
     * @throws io.flotilla.chaos.history.HistoryException if there is none, or a line is none, and which
     * @throws java.io.UncheckedIOException               if a file cannot be read, or the temporary one not written
     */
    public static Judgement judge(Path historyDirectory, JudgeSettings settings) {
        Path scratch = settings.scratch().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        try (Spill spill = Spill.open(scratch)) {
            return new Judge(historyDirectory, settings, spill).judge();
        }
    }

    private Judgement judge() {
        HistorySummary summary = HistoryReader.read(history, this::see);
        summary.cut().forEach(where -> violations.unknown(CheckId.C22, "cut: " + where));
        if (summary.behind() > 0) {
            violations.unknown(CheckId.C22, summary.behind() + " lines came too late to be put in order");
        }
        sends.end();
        reads.end();
        checks.forEach(Check::end);
        new DigestCheck(places, violations).end();
        var audit = new PartitionAudit(places, producers, violations);
        places.all().forEach(audit::audit);
        var counters = new TreeMap<String, Long>();
        vacuity.count(counters);
        counters.put("lines", summary.lines());
        counters.put("partitions", (long) places.all().size());
        counters.put("sends without an end", (long) sends.openCount());
        return new Judgement(results(Stories.of(history, violations, episodes)), counters);
    }

    private void see(Event event) {
        // Sends and final reads are most of a history, and concern few.
        if (event instanceof SendInvoked send) {
            sends.see(send);
        } else if (event instanceof SendCompleted sent) {
            sends.see(sent);
        } else if (event instanceof FinalRead read) {
            reads.see(read);
        } else {
            rare(event);
        }
    }

    private void rare(Event event) {
        if (event instanceof FaultStep step) {
            episodes.see(step);
        } else if (event instanceof TopicUsed topic) {
            places.see(topic);
        } else if (event instanceof ProducerOpened opened) {
            producers.see(opened);
        } else if (event instanceof FinalBounds bounds) {
            reads.see(bounds);
        }
        for (Check check : checks) {
            check.see(event);
        }
        if (event instanceof Polled polled) {
            reads.see(polled);
        }
    }

    private Map<CheckId, CheckResult> results(Map<CheckId, List<String>> stories) {
        Map<CheckId, CheckResult> results = new EnumMap<>(CheckId.class);
        for (CheckId id : CheckId.values()) {
            results.put(
                    id,
                    new CheckResult(
                            id,
                            status(id),
                            violations.count(id),
                            stories.getOrDefault(id, List.of()),
                            violations.note(id)));
        }
        return results;
    }

    private Status status(CheckId id) {
        if (violations.count(id) > 0) {
            return Status.INVALID;
        }
        if (violations.isUnknown(id)) {
            return Status.UNKNOWN;
        }
        return violations.judgedCount(id) > 0 ? Status.VALID : Status.SKIPPED;
    }
}

package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.HistoryReader;
import io.flotilla.chaos.history.HistorySummary;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.run.Failovers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads a history once, in the order of time. What it keeps grows with seconds, faults, changes of leaders and open
 * calls, each up to a bound, and not with operations.
 *
 * <p>Threading: confined to one thread.
 */
final class FigureReader implements Consumer<Event> {
    /** Of phases, exits, starts, complaints. */
    private static final int KEPT_MAX = 1_000;

    private static final int ERRORS_MAX = 200;
    private static final int ERROR_CHARACTERS_MAX = 120;
    private static final Place NOWHERE = new Place("none", 0);

    private final SecondSeries seconds = new SecondSeries();
    private final FaultBars bars = new FaultBars();
    private final LeaderLanes leaders = new LeaderLanes();
    private final Failovers failovers = new Failovers();
    private final ResourceSeries resources = new ResourceSeries();
    private final Calls sends = new Calls("send");
    private final Calls commits = new Calls("commit");
    private final Calls trims = new Calls("trim");
    private final Calls admin = new Calls("admin");
    private final List<Event.PhaseBegan> phases = new ArrayList<>();
    private final List<Event.NodeStarted> starts = new ArrayList<>();
    private final List<Event.NodeExited> exits = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Map<Class<?>, long[]> lines = new HashMap<>();
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private Optional<Event.RunStarted> run = Optional.empty();
    private long lastNanos;
    private long recordsPolled;
    private long recordsAtEnd;

    private FigureReader() {}

    /** @throws io.flotilla.chaos.history.HistoryException if there is no history in the folder, or it has other lines */
    static RunFigures read(Path historyDirectory) {
        var reader = new FigureReader();
        HistorySummary summary = HistoryReader.read(historyDirectory, reader);
        return reader.finish(summary);
    }

    @Override
    public void accept(Event event) {
        lastNanos = Math.max(lastNanos, event.nanos());
        failovers.accept(event);
        lines.computeIfAbsent(event.getClass(), unused -> new long[1])[0]++;
        if (event instanceof Event.SendInvoked call) {
            sends.invoked(call.process(), call.op(), call.nanos(), call.place());
        } else if (event instanceof Event.SendCompleted answer) {
            sent(answer);
        } else if (event instanceof Event.Polled poll) {
            int count = poll.records().size();
            recordsPolled += count;
            seconds.polled(poll.nanos(), poll.place(), poll.records().offset(count - 1), count);
        } else if (event instanceof Event.FinalRead read) {
            recordsAtEnd += read.records().size();
        } else {
            calls(event);
            nodes(event);
        }
    }

    private void sent(Event.SendCompleted answer) {
        error(answer.error());
        sends.completed(answer.process(), answer.op(), answer.nanos(), answer.outcome())
                .ifPresent(call -> {
                    seconds.answered(
                            answer.nanos(),
                            call.place(),
                            answer.outcome(),
                            answer.offset(),
                            answer.nanos() - call.nanos());
                });
    }

    private void calls(Event event) {
        if (event instanceof Event.CommitInvoked call) {
            commits.invoked(call.consumer(), call.op(), call.nanos(), call.place());
        } else if (event instanceof Event.CommitCompleted answer) {
            completed(commits, answer.consumer(), answer.op(), answer.nanos(), answer.outcome(), answer.error());
        } else if (event instanceof Event.TrimInvoked call) {
            trims.invoked(call.process(), call.op(), call.nanos(), call.place());
        } else if (event instanceof Event.TrimCompleted answer) {
            completed(trims, answer.process(), answer.op(), answer.nanos(), answer.outcome(), answer.error());
        } else if (event instanceof Event.AdminInvoked call) {
            admin.invoked(call.process(), call.op(), call.nanos(), NOWHERE);
        } else if (event instanceof Event.AdminCompleted answer) {
            completed(admin, answer.process(), answer.op(), answer.nanos(), answer.outcome(), answer.error());
        }
    }

    private void completed(Calls of, int caller, long op, long nanos, Outcome outcome, String error) {
        error(error);
        boolean unused = of.completed(caller, op, nanos, outcome).isPresent();
    }

    private void error(String error) {
        if (!error.isEmpty()) {
            String known = error.length() > ERROR_CHARACTERS_MAX ? error.substring(0, ERROR_CHARACTERS_MAX) : error;
            if (errors.size() < ERRORS_MAX || errors.containsKey(known)) {
                errors.merge(known, 1L, Long::sum);
            }
        }
    }

    private void nodes(Event event) {
        if (event instanceof Event.RunStarted started) {
            run = Optional.of(started);
        } else if (event instanceof Event.PhaseBegan phase) {
            keep(phases, phase);
        } else if (event instanceof Event.FaultStep step) {
            bars.step(step);
        } else if (event instanceof Event.LeaderSeen seen) {
            leaders.seen(seen.nanos(), seen.place(), seen.term(), seen.node());
        } else if (event instanceof Event.NodeStarted started) {
            keep(starts, started);
        } else if (event instanceof Event.NodeExited exited) {
            keep(exits, exited);
        } else if (event instanceof Event.ResourcesRead read) {
            resources.read(read);
        } else if (event instanceof Event.LogComplaint complaint) {
            keep(complaints, "node " + complaint.node() + ": " + complaint.line());
        }
    }

    private static <T> void keep(List<T> all, T one) {
        if (all.size() < KEPT_MAX) {
            all.add(one);
        }
    }

    private RunFigures finish(HistorySummary summary) {
        seconds.moveTo(lastNanos);
        SortedMap<String, Long> byKind = new TreeMap<>();
        lines.forEach((kind, count) -> byKind.put(kind.getSimpleName(), count[0]));
        List<String> unsound = new ArrayList<>();
        summary.cut().forEach(file -> unsound.add("the last line of " + file + " is cut"));
        if (summary.behind() > 0) {
            unsound.add(summary.behind() + " lines came too late to be put in order");
        }
        List<Failovers.Failover> interruptions = failovers.end();
        return new RunFigures(
                run,
                lastNanos,
                byKind,
                List.copyOf(phases),
                seconds.finish(),
                List.of(sends.finish(), commits.finish(), trims.finish(), admin.finish()),
                recordsPolled,
                recordsAtEnd,
                bars.count(),
                bars.finish(lastNanos),
                leaders.lanes(),
                leaders.changes(),
                List.copyOf(starts),
                List.copyOf(exits),
                FailoverFigures.byFault(interruptions),
                FailoverFigures.byKind(interruptions),
                resources.finish(),
                errors,
                List.copyOf(complaints),
                List.copyOf(unsound));
    }
}

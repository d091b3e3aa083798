package io.flotilla.chaos.report;

import io.flotilla.chaos.history.Event.NodeExited;
import io.flotilla.chaos.history.Event.NodeStarted;
import io.flotilla.chaos.history.Event.PhaseBegan;
import io.flotilla.chaos.history.Event.ResourcesRead;
import io.flotilla.chaos.history.Event.RunStarted;
import io.flotilla.chaos.history.Place;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A run in numbers.
 *
 * @param run          its first line; empty if the history has none
 * @param lastNanos    time of the last line
 * @param lines        of the history by kind
 * @param faults       how many were armed; {@code bars} may have fewer
 * @param failovers    of each fault that struck a leader
 * @param failoversByKind the same over all faults of a kind; their episode is 0
 * @param errors       how often each error was answered, the most frequent ones
 * @param complaints   lines of brokers' logs that should not be there, the first ones
 * @param unsound      what is wrong with the history itself: files that are cut, lines out of order
 */
public record RunFigures(
        Optional<RunStarted> run,
        long lastNanos,
        SortedMap<String, Long> lines,
        List<PhaseBegan> phases,
        List<Second> seconds,
        List<CallFigures> calls,
        long recordsPolled,
        long recordsAtEnd,
        long faults,
        List<FaultBar> bars,
        SortedMap<Place, List<LeaderLanes.Reign>> leaders,
        long leaderChanges,
        List<NodeStarted> starts,
        List<NodeExited> exits,
        List<FailoverFigures> failovers,
        List<FailoverFigures> failoversByKind,
        SortedMap<Integer, List<ResourcesRead>> resources,
        SortedMap<String, Long> errors,
        List<String> complaints,
        List<String> unsound) {}

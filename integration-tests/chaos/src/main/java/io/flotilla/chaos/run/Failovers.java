package io.flotilla.chaos.run;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import io.flotilla.chaos.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How long partitions could not be written when their leaders were struck: from the moment a fault was armed to the first
 * acknowledgement of a record that was sent after it. It is fed a history in the order of time.
 *
 * <p>Threading: confined.
 */
public final class Failovers implements Consumer<Event> {
    /** In the place of a time: nothing was acknowledged until the end of the history. */
    public static final long NEVER = -1;

    /**
     * One partition's interruption.
     *
     * @param episode of the fault
     * @param fault   its kind
     * @param node    the leader that was struck
     * @param millis  until the first acknowledgement, or {@link #NEVER}
     */
    public record Failover(int episode, String fault, Place place, int node, long millis) {}

    private record Leader(int term, int node) {}

    private record Struck(int episode, String fault, int node, long armedNanos) {}

    private record Sent(Place place, long nanos) {}

    private final Map<Place, Leader> leaders = new HashMap<>();
    private final Map<Place, List<Struck>> waiting = new HashMap<>();
    private final Map<Long, Sent> sent = new HashMap<>();
    private final Set<Place> tried = new HashSet<>();
    private final List<Failover> found = new ArrayList<>();

    /** All of a history. */
    public static List<Failover> of(Iterable<Event> history) {
        Failovers failovers = new Failovers();
        history.forEach(failovers);
        return failovers.end();
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.LeaderSeen seen) {
            leaders.merge(
                    seen.place(),
                    new Leader(seen.term(), seen.node()),
                    (one, other) -> one.term() > other.term() ? one : other);
        } else if (event instanceof Event.FaultStep step && step.phase().equals("armed")) {
            strike(step);
        } else if (event instanceof Event.SendInvoked send) {
            if (waiting.containsKey(send.place())) {
                tried.add(send.place());
                sent.put(send.op(), new Sent(send.place(), send.nanos()));
            }
        } else if (event instanceof Event.SendCompleted completed) {
            Sent call = sent.remove(completed.op());
            if (call != null && completed.outcome() == Outcome.OK) {
                acknowledged(call, completed.nanos());
            }
        }
    }

    private void strike(Event.FaultStep step) {
        leaders.forEach((place, leader) -> {
            if (step.nodes().contains(leader.node())) {
                waiting.computeIfAbsent(place, any -> new ArrayList<>())
                        .add(new Struck(step.episode(), step.fault(), leader.node(), step.nanos()));
            }
        });
    }

    private void acknowledged(Sent call, long nanos) {
        List<Struck> all = waiting.get(call.place());
        if (all == null) {
            return;
        }
        all.removeIf(struck -> {
            boolean after = call.nanos() >= struck.armedNanos();
            if (after) {
                found.add(failover(call.place(), struck, (nanos - struck.armedNanos()) / 1_000_000));
            }
            return after;
        });
        if (all.isEmpty()) {
            tried.remove(call.place());
            waiting.remove(call.place());
        }
    }

    private static Failover failover(Place place, Struck struck, long millis) {
        return new Failover(struck.episode(), struck.fault(), place, struck.node(), millis);
    }

    /** What was found, in the order of acknowledgements, and then what never ended though somebody sent. */
    public List<Failover> end() {
        List<Failover> all = new ArrayList<>(found);
        tried.forEach(place ->
                waiting.getOrDefault(place, List.of()).forEach(struck -> all.add(failover(place, struck, NEVER))));
        return List.copyOf(all);
    }
}

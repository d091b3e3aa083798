package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.workload.Recorder;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks every broker that responds what it leads, and writes each leadership once. */
final class LeaderObserver implements Observer {
    private final Recorder recorder;
    private final Backend backend;
    private final ClusterView view;
    private final Set<String> topics;
    private final Map<Integer, Map<Place, Integer>> told = new HashMap<>();
    private final Map<Place, Leadership> newest = new ConcurrentHashMap<>();

    /** Who leads since which term. */
    record Leadership(int term, int node) {}

    /** @param topics under test; of others, which are made again under the same name, terms say nothing */
    LeaderObserver(Recorder recorder, Backend backend, ClusterView view, Set<String> topics) {
        this.recorder = recorder;
        this.backend = backend;
        this.view = view;
        this.topics = Set.copyOf(topics);
    }

    @Override
    public void look() {
        for (int node : backend.respondingNodes()) {
            view.replicasOn(node).ifPresent(replicas -> replicas.stream()
                    .filter(replica -> replica.role() == ReplicaRole.LEADER)
                    .filter(replica -> topics.contains(replica.partition().topic()))
                    .forEach(replica -> saw(node, replica)));
        }
    }

    private void saw(int node, ReplicaDescription replica) {
        Place place = ClusterView.placeOf(replica);
        int term = replica.leaderEpoch();
        Integer before = told.computeIfAbsent(node, any -> new HashMap<>()).put(place, term);
        if (before == null || before != term) {
            recorder.write(nanos -> new Event.LeaderSeen(nanos, place, term, node));
        }
        newest.merge(place, new Leadership(term, node), (one, other) -> one.term() > other.term() ? one : other);
    }

    /** The leader of the highest term seen. */
    OptionalInt leaderOf(Place place) {
        Leadership known = newest.get(place);
        return known == null ? OptionalInt.empty() : OptionalInt.of(known.node());
    }

    /** Grows with every leadership seen. */
    long changes() {
        return newest.values().stream().mapToLong(Leadership::term).sum();
    }
}

package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.plan.Episode;
import io.flotilla.chaos.plan.Promise;
import io.flotilla.chaos.workload.Topic;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the promise's rule over time: once copies were destroyed, others are destroyed only when all replicas are there
 * again and have caught up.
 *
 * <p>Threading: confined to the thread that strikes.
 */
final class Recovery {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /** Behind by no more than what is written between two questions. */
    private static final long BEHIND_MAX = 2_000;

    private final Backend backend;
    private final ClusterView view;
    private final List<Topic> topics;
    private boolean destroyed;

    Recovery(Backend backend, ClusterView view, List<Topic> topics) {
        this.backend = backend;
        this.view = view;
        this.topics = List.copyOf(topics);
    }

    /** An episode is over. */
    void note(Episode episode) {
        destroyed |= destroys(episode);
    }

    /** Whether an episode may begin; waits for destroyed copies to be made anew. */
    boolean allows(Episode episode) {
        if (!destroyed || !destroys(episode)) {
            return true;
        }
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        while (!isComplete()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        destroyed = false;
        return true;
    }

    private static boolean destroys(Episode episode) {
        return episode.faults().stream()
                .anyMatch(fault -> Promise.destroys(fault.spec().id()));
    }

    private boolean isComplete() {
        if (backend.respondingNodes().size() < backend.nodes().size()) {
            return false;
        }
        Map<Place, SortedMap<Integer, ReplicaDescription>> replicas = view.replicas();
        return topics.stream().allMatch(topic -> topic.places().stream()
                .allMatch(place -> isComplete(topic, replicas.getOrDefault(place, new TreeMap<>()))));
    }

    private static boolean isComplete(Topic topic, SortedMap<Integer, ReplicaDescription> replicas) {
        long ahead = replicas.values().stream()
                .mapToLong(ReplicaDescription::highWatermark)
                .max()
                .orElse(0);
        long complete = replicas.values().stream()
                .filter(replica -> replica.role() == ReplicaRole.LEADER || replica.role() == ReplicaRole.FOLLOWER)
                .filter(replica -> replica.highWatermark() >= ahead - BEHIND_MAX)
                .count();
        return complete >= topic.replicas();
    }
}

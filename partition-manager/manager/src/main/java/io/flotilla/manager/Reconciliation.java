package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the gap between image and replicas, a bounded step at a time. A replica that cannot be made or deleted is tried
 * again after a pause of its own, so that it holds up no other.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private final ReplicaSet replicas;
    private final PeerId self;
    private final ReconcilerSettings settings;
    private final TopicNews news;
    private final Map<PartitionId, Failure> failures = new HashMap<>();

    Reconciliation(ReplicaSet replicas, PeerId self, ReconcilerSettings settings) {
        this.replicas = replicas;
        this.self = self;
        this.settings = settings;
        this.news = new TopicNews(replicas);
    }

    /**
     * Makes and deletes what is due, and tells replicas what has changed in their topics.
     *
     * @param nowMillis of any clock that never goes back
     * @return milliseconds until the next step has something to do, 0 if there is more to do right away
     */
    long step(MetadataImage image, long nowMillis) {
        Map<PartitionId, Integer> present = replicas.incarnations();
        news.tell(image, present.keySet());
        ReplicaPlan plan = ReplicaPlan.between(image, self, present);
        List<Change> changes = new ArrayList<>();
        plan.recoveries()
                .forEach(recovery -> changes.add(new Change(
                        "recover",
                        recovery.id(),
                        () -> replicas.recover(recovery.id(), recovery.incarnation(), recovery.epochMin()))));
        plan.leftBehind().forEach(id -> changes.add(new Change("put aside", id, () -> replicas.putAside(id))));
        plan.deletes().forEach(id -> changes.add(new Change("delete", id, () -> replicas.delete(id))));
        plan.creates()
                .forEach(creation -> changes.add(new Change(
                        "create",
                        creation.id(),
                        () -> replicas.create(creation.id(), creation.settings(), creation.peers()))));
        plan.joins()
                .forEach(joining -> changes.add(new Change(
                        "join",
                        joining.id(),
                        () -> replicas.join(joining.id(), joining.incarnation(), joining.settings()))));
        forgetFailuresExceptOf(changes);
        List<Change> due = changes.stream()
                .filter(change -> !isPaused(change.id, nowMillis))
                .toList();
        due.stream().limit(settings.changesPerStepMax()).forEach(change -> carryOut(change, nowMillis));
        if (due.size() > settings.changesPerStepMax() || isRoomForNew(plan)) {
            return 0;
        }
        return failures.values().stream()
                .mapToLong(failure -> Math.max(1, failure.retryAtMillis - nowMillis))
                .reduce(settings.interval().toMillis(), Math::min);
    }

    /** Whether replicas were put aside, in the place of which this broker may be to have new ones. */
    private boolean isRoomForNew(ReplicaPlan plan) {
        return plan.leftBehind().stream().anyMatch(id -> !failures.containsKey(id));
    }

    private boolean isPaused(PartitionId id, long nowMillis) {
        Failure failure = failures.get(id);
        return failure != null && failure.retryAtMillis > nowMillis;
    }

    private void carryOut(Change change, long nowMillis) {
        try {
            change.action.run();
            failures.remove(change.id);
            LOG.info("replica changed change={} partition={}", change.verb, change.id);
        } catch (IOException | RuntimeException failed) { // the next replica must not wait for this one's trouble
            Failure before = failures.get(change.id);
            int count = before == null ? 1 : before.count + 1;
            long pauseMillis = settings.backoff().pauseMillis(count);
            failures.put(change.id, new Failure(count, nowMillis + pauseMillis));
            LOG.warn(
                    "could not {} replica partition={} attempt={}, next attempt in {} ms",
                    change.verb,
                    change.id,
                    count,
                    pauseMillis,
                    failed);
        }
    }

    private void forgetFailuresExceptOf(List<Change> changes) {
        Set<PartitionId> wanted = new HashSet<>();
        changes.forEach(change -> wanted.add(change.id));
        failures.keySet().retainAll(wanted);
    }

    private record Change(String verb, PartitionId id, Action action) {}

    private record Failure(int count, long retryAtMillis) {}

    private interface Action {
        void run() throws IOException;
    }
}

package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker does for the groups it leads: it has their voters become what the metadata wants, and gives leaderships
 * to the brokers that should have them. A bounded number of changes, and of hand-overs among them, is under way at one
 * time; what fails is decided anew after a pause, from what is true then.
 *
 * <p>Threading: none; the owner takes one step at a time.
 */
final class LeaderSteps {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderSteps.class);

    private final ReplicaSet replicas;
    private final PeerId self;
    private final LeaderWorkSettings settings;
    private final Map<PartitionId, CompletableFuture<?>> underWay = new HashMap<>();

    /** Those of {@link #underWay} that give a leadership away. */
    private final Set<PartitionId> handOvers = new HashSet<>();

    private final Map<PartitionId, Long> pausedUntil = new HashMap<>();

    /** Since when a partition's preferred leader could have led. */
    private final Map<PartitionId, Long> preferredAbleSince = new HashMap<>();

    LeaderSteps(ReplicaSet replicas, PeerId self, LeaderWorkSettings settings) {
        this.replicas = replicas;
        this.self = self;
        this.settings = settings;
    }

    /**
     * @param nowMillis of any clock that never goes back
     * @param done      called, on any thread, when a change has ended
     * @return milliseconds until the next step
     */
    long step(MetadataImage image, long nowMillis, Runnable done) {
        underWay.values().removeIf(CompletableFuture::isDone);
        handOvers.retainAll(underWay.keySet());
        pausedUntil.values().removeIf(until -> until <= nowMillis);
        Set<PartitionId> led = replicas.led().keySet();
        preferredAbleSince.keySet().retainAll(led);
        Map<PartitionId, Integer> incarnations = replicas.incarnations();
        for (PartitionId id : sorted(led)) {
            if (underWay.size() >= settings.changesMax()) {
                break;
            }
            if (!underWay.containsKey(id) && !pausedUntil.containsKey(id)) {
                // A group that was given up is nobody's to change.
                image.partition(id)
                        .filter(assignment -> assignment.incarnation() == incarnations.getOrDefault(id, 0))
                        .ifPresent(assignment -> look(image, id, assignment, nowMillis, done));
            }
        }
        return settings.interval().toMillis();
    }

    private static List<PartitionId> sorted(Set<PartitionId> ids) {
        return ids.stream()
                .sorted(Comparator.comparing(PartitionId::topicId).thenComparing(PartitionId::partition))
                .toList();
    }

    private void look(
            MetadataImage image, PartitionId id, PartitionAssignment assignment, long nowMillis, Runnable done) {
        if (assignment.isMoving() && move(id, assignment, nowMillis, done)) {
            return;
        }
        boolean leadsRightly = assignment.wanted().get(0).equals(self)
                && image.brokerOf(self)
                        .filter(broker -> broker.status().isInService())
                        .isPresent();
        if (leadsRightly) {
            preferredAbleSince.remove(id);
            return;
        }
        Optional<LeaderPlan.Successor> successor =
                LeaderPlan.successor(image, assignment, self, replicas.followersInStep(id));
        if (successor.isEmpty()) {
            preferredAbleSince.remove(id);
            return;
        }
        long since = preferredAbleSince.computeIfAbsent(id, unseen -> nowMillis);
        if (successor.get().urgent()
                || nowMillis - since >= settings.returnDelay().toMillis()) {
            handOver(id, successor.get().peer(), nowMillis, done);
        }
    }

    /** Returns whether the move needed something, so that nothing else is to be done for the partition. */
    private boolean move(PartitionId id, PartitionAssignment assignment, long nowMillis, Runnable done) {
        Optional<List<Peer>> voters = replicas.voters(id);
        if (voters.isEmpty()) {
            return true;
        }
        List<PeerId> ids = voters.get().stream().map(Peer::id).toList();
        VoterChange.Step step = VoterChange.next(ids, assignment.target(), self);
        if (step instanceof VoterChange.Step.Change change) {
            List<Peer> wanted = voters.get().stream()
                    .filter(voter -> change.voters().contains(voter.id()))
                    .toList();
            begin(
                    id,
                    "voters",
                    change.voters(),
                    nowMillis,
                    done,
                    () -> replicas.changeVoters(id, voters.get(), wanted));
            return true;
        }
        if (step instanceof VoterChange.Step.HandOver handOver) {
            Set<PeerId> inStep = replicas.followersInStep(id);
            handOver.candidates().stream()
                    .filter(inStep::contains)
                    .findFirst()
                    .ifPresent(successor -> handOver(id, successor, nowMillis, done));
            return true;
        }
        return false;
    }

    private void handOver(PartitionId id, PeerId successor, long nowMillis, Runnable done) {
        if (handOvers.size() >= settings.handOversMax()) {
            return;
        }
        preferredAbleSince.remove(id);
        handOvers.add(id);
        begin(id, "leader", successor, nowMillis, done, () -> replicas.transferLeadership(id, successor));
    }

    private void begin(
            PartitionId id,
            String what,
            Object wanted,
            long nowMillis,
            Runnable done,
            Supplier<CompletableFuture<Void>> change) {
        CompletableFuture<Void> begun = change.get();
        pausedUntil.put(id, nowMillis + settings.retryDelay().toMillis());
        underWay.put(id, begun.handle((nothing, failure) -> {
            if (failure == null) {
                LOG.info("changed {} partition={} to={}", what, id, wanted);
            } else {
                LOG.info("could not change {} partition={} to={} reason={}", what, id, wanted, failure.toString());
            }
            done.run();
            return null;
        }));
    }
}

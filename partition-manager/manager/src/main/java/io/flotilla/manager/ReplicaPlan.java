package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.raft.Peer;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The difference between the replicas a broker has and those an image assigns to it.
 *
 * @param deletes replicas of topics the image does not know, not even as deleted, and of partitions that are not this peer's any more
 * @param creates replicas of new groups that this very peer is to found; those whose brokers are not all registered wait
 * @param joins   replicas that this peer is to have of groups that exist
 * @param recoveries replicas that are to found another incarnation of their partitions
 * @param leftBehind replicas of incarnations that were given up
 */
record ReplicaPlan(
        List<PartitionId> deletes,
        List<Creation> creates,
        List<Joining> joins,
        List<Recovery> recoveries,
        List<PartitionId> leftBehind) {
    private static final Comparator<PartitionId> ORDER =
            Comparator.comparing(PartitionId::topicId).thenComparing(PartitionId::partition);

    /** A replica to make. */
    record Creation(PartitionId id, PartitionSettings settings, List<Peer> peers) {}

    /** A replica that joins its group. */
    record Joining(PartitionId id, int incarnation, PartitionSettings settings) {}

    /** A replica that goes on alone. */
    record Recovery(PartitionId id, int incarnation, int epochMin) {}

    /**
     * The plan is right only for an image that is no older than the newest one by which a present replica was made:
     * an older one does not know that replica's topic yet, and the plan would delete it. Callers see to that, see
     * {@link Reconciler}.
     *
     * <p>A group is founded by its first replicas only. Whoever is to have a replica later, or had one once that is gone,
     * joins: an empty member among founders would vote with amnesia.
     *
     * <p>A replica of an earlier incarnation is never deleted, whatever the image says of its broker besides: it may hold
     * what was given up.
     *
     * @param self    this broker's own peer; what is assigned to an earlier directory of the same broker is not its own
     * @param present incarnations of the replicas on this broker's disk
     */
    static ReplicaPlan between(MetadataImage image, PeerId self, Map<PartitionId, Integer> present) {
        List<PartitionId> deletes = new ArrayList<>();
        List<Recovery> recoveries = new ArrayList<>();
        List<PartitionId> leftBehind = new ArrayList<>();
        present.forEach((id, incarnation) -> {
            Optional<PartitionAssignment> kept = image.keptPartition(id);
            if (kept.isPresent() && kept.get().incarnation() > incarnation) {
                PartitionAssignment assignment = kept.get();
                if (assignment.survivor().equals(Optional.of(self))) {
                    recoveries.add(new Recovery(id, assignment.incarnation(), assignment.leaderEpoch()));
                } else {
                    leftBehind.add(id);
                }
            } else if (kept.isEmpty() || !kept.get().holders().contains(self)) {
                deletes.add(id);
            }
        });
        deletes.sort(ORDER);
        recoveries.sort(Comparator.comparing(Recovery::id, ORDER));
        leftBehind.sort(ORDER);
        List<Creation> creates = new ArrayList<>();
        List<Joining> joins = new ArrayList<>();
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment assignment : topic.partitions()) {
                PartitionId id = topic.partitionId(assignment.partition());
                if (present.containsKey(id) || !assignment.holders().contains(self)) {
                    continue;
                }
                boolean founds = assignment.replicas().contains(self) && !assignment.moved();
                if (!founds && assignment.wanted().contains(self)) {
                    joins.add(new Joining(id, assignment.incarnation(), topic.settings()));
                } else if (founds) {
                    Optional<List<Peer>> peers = image.addressesOf(assignment.replicas());
                    peers.ifPresent(known -> creates.add(new Creation(id, topic.settings(), known)));
                }
            }
        }
        return new ReplicaPlan(
                List.copyOf(deletes),
                List.copyOf(creates),
                List.copyOf(joins),
                List.copyOf(recoveries),
                List.copyOf(leftBehind));
    }
}

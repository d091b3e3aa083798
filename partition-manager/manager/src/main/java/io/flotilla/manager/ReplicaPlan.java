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
import java.util.Optional;
import java.util.Set;

/**
 * The difference between the replicas a broker has and those an image assigns to it.
 *
 * @param deletes replicas of topics the image does not know, not even as deleted, and of partitions that are not this peer's any more
 * @param creates replicas of new groups that this very peer is to found; those whose brokers are not all registered wait
 * @param joins   replicas that this peer is to have of groups that exist
 */
record ReplicaPlan(List<PartitionId> deletes, List<Creation> creates, List<Joining> joins) {
    /** A replica to make. */
    record Creation(PartitionId id, PartitionSettings settings, List<Peer> peers) {}

    /** A replica that joins its group. */
    record Joining(PartitionId id, PartitionSettings settings) {}

    /**
     * The plan is right only for an image that is no older than the newest one by which a present replica was made:
     * an older one does not know that replica's topic yet, and the plan would delete it. Callers see to that, see
     * {@link Reconciler}.
     *
     * <p>A group is founded by its first replicas only. Whoever is to have a replica later, or had one once that is gone,
     * joins: an empty member among founders would vote with amnesia.
     *
     * @param self    this broker's own peer; what is assigned to an earlier directory of the same broker is not its own
     * @param present replicas on this broker's disk
     */
    static ReplicaPlan between(MetadataImage image, PeerId self, Set<PartitionId> present) {
        List<PartitionId> deletes = present.stream()
                .filter(id -> !isHeld(image, id, self))
                .sorted(Comparator.comparing(PartitionId::topicId).thenComparing(PartitionId::partition))
                .toList();
        List<Creation> creates = new ArrayList<>();
        List<Joining> joins = new ArrayList<>();
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment assignment : topic.partitions()) {
                PartitionId id = topic.partitionId(assignment.partition());
                if (present.contains(id) || !assignment.holders().contains(self)) {
                    continue;
                }
                boolean founds = assignment.replicas().contains(self) && !assignment.moved();
                if (!founds && assignment.wanted().contains(self)) {
                    joins.add(new Joining(id, topic.settings()));
                } else if (founds) {
                    Optional<List<Peer>> peers = image.addressesOf(assignment.replicas());
                    peers.ifPresent(known -> creates.add(new Creation(id, topic.settings(), known)));
                }
            }
        }
        return new ReplicaPlan(deletes, List.copyOf(creates), List.copyOf(joins));
    }

    private static boolean isHeld(MetadataImage image, PartitionId id, PeerId self) {
        return image.keptPartition(id)
                .filter(assignment -> assignment.holders().contains(self))
                .isPresent();
    }
}

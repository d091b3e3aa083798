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
 * @param deletes replicas of topics the image does not know; it knows deleted ones until they are purged
 * @param creates replicas assigned to this very peer and not present; those whose brokers are not all registered wait
 */
record ReplicaPlan(List<PartitionId> deletes, List<Creation> creates) {
    /** A replica to make. */
    record Creation(PartitionId id, PartitionSettings settings, List<Peer> peers) {}

    /**
     * The plan is right only for an image that is no older than the newest one by which a present replica was made:
     * an older one does not know that replica's topic yet, and the plan would delete it. Callers see to that, see
     * {@link Reconciler}.
     *
     * @param self    this broker's own peer. Replicas assigned to an earlier directory of the same broker are not made
     *     again: an empty one would vote with amnesia
     * @param present replicas on this broker's disk
     */
    static ReplicaPlan between(MetadataImage image, PeerId self, Set<PartitionId> present) {
        List<PartitionId> deletes = present.stream()
                .filter(id -> !image.keeps(id.topicId()))
                .sorted(Comparator.comparing(PartitionId::topicId).thenComparing(PartitionId::partition))
                .toList();
        List<Creation> creates = new ArrayList<>();
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment assignment : topic.partitions()) {
                PartitionId id = topic.partitionId(assignment.partition());
                if (assignment.replicas().contains(self) && !present.contains(id)) {
                    Optional<List<Peer>> peers = image.addressesOf(assignment.replicas());
                    peers.ifPresent(known -> creates.add(new Creation(id, topic.settings(), known)));
                }
            }
        }
        return new ReplicaPlan(deletes, List.copyOf(creates));
    }
}

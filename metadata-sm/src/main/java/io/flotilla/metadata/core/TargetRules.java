package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where replicas may be sent: to peers that are registered brokers of now, or have the replica already. Anything else
 * could never be reached.
 */
final class TargetRules {
    private TargetRules() {}

    static Optional<Rejected> refusalOf(MetadataImage image, List<TargetReplicas> targets) {
        if (targets.size() > Limits.TARGETS_MAX) {
            return Refusals.refused(
                    targets.size() + " targets in one command; send at most " + Limits.TARGETS_MAX,
                    Map.of("targets", Integer.toString(targets.size())));
        }
        return targets.stream()
                .map(target -> refusalOf(image, target))
                .flatMap(Optional::stream)
                .findFirst();
    }

    static Optional<Rejected> refusalOf(MetadataImage image, TargetReplicas target) {
        int count = target.peers().size();
        if (count < 1 || count > Limits.REPLICATION_FACTOR_MAX) {
            return Refusals.refused(
                    "partition " + target.partition() + " cannot have " + count + " replicas; name 1 to "
                            + Limits.REPLICATION_FACTOR_MAX + " brokers",
                    Map.of("replicas", Integer.toString(count)));
        }
        HashSet<Integer> brokers = new HashSet<>();
        for (PeerId peer : target.peers()) {
            if (!brokers.add(peer.nodeId())) {
                return Refusals.refused(
                        "broker " + peer.nodeId() + " is named twice for partition " + target.partition()
                                + "; two replicas of a partition are never on one broker",
                        Map.of("broker_id", Integer.toString(peer.nodeId())));
            }
            boolean holds = image.partition(target.partition())
                    .filter(known -> known.holders().contains(peer))
                    .isPresent();
            if (!holds && image.brokerOf(peer).isEmpty()) {
                return Optional.of(Refusals.unknownBroker(peer.nodeId()));
            }
        }
        return Optional.empty();
    }

    /**
     * @param image   the same as before if no target says anything new
     * @param changed how many partitions have another assignment
     */
    record Assigned(MetadataImage image, int changed) {}

    /** Targets of partitions that are gone meanwhile are left out. */
    static Assigned assign(MetadataImage image, List<TargetReplicas> targets) {
        Map<UUID, List<PartitionAssignment>> topics = new HashMap<>();
        int changed = 0;
        for (TargetReplicas target : targets) {
            Optional<Topic> topic = image.topic(target.partition().topicId());
            int partition = target.partition().partition();
            if (topic.isEmpty() || topic.get().partition(partition).isEmpty()) {
                continue;
            }
            List<PartitionAssignment> known =
                    topics.getOrDefault(topic.get().id(), topic.get().partitions());
            PartitionAssignment after = known.get(partition).towards(target.peers());
            if (!after.equals(known.get(partition))) {
                topics.computeIfAbsent(topic.get().id(), id -> new ArrayList<>(known))
                        .set(partition, after);
                changed++;
            }
        }
        if (topics.isEmpty()) {
            return new Assigned(image, 0);
        }
        List<Topic> all = new ArrayList<>(topics.size());
        topics.forEach((id, partitions) -> all.add(image.topic(id).orElseThrow().withPartitions(partitions)));
        return new Assigned(image.with(all), changed);
    }
}

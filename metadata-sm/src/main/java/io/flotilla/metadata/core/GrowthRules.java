package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.raft.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many partitions topics may have, and how one gets more. There is no way back: fewer would lose records, and the
 * keys of those that are left would move.
 */
final class GrowthRules {
    private GrowthRules() {}

    /** Why so many partitions more do not fit the cluster, empty if they do. Deleted topics count until they are purged. */
    static Optional<Rejected> clusterRefusal(MetadataImage image, int added) {
        int deleted = image.deletedPartitionCount();
        int present = image.partitionCount() + deleted;
        if (present + added <= Limits.CLUSTER_PARTITIONS_MAX) {
            return Optional.empty();
        }
        String ofDeleted = deleted == 0 ? "" : ", " + deleted + " of them of deleted topics not purged yet,";
        return Optional.of(new Rejected(
                ErrorCode.INVALID_PARTITION_COUNT,
                "the cluster has " + present + " partitions" + ofDeleted + " and takes at most "
                        + Limits.CLUSTER_PARTITIONS_MAX + ", so " + added
                        + " more do not fit; ask for fewer or delete topics",
                Map.of(
                        "partition_count", Integer.toString(added),
                        "cluster_partition_count", Integer.toString(present))));
    }

    /** The same command twice, after an unknown outcome, answers with the topic as the first one made it. */
    static Applied addPartitions(MetadataImage before, AddPartitions command) {
        Optional<Topic> topic = before.topic(command.topicName());
        if (topic.isEmpty()) {
            return Applied.rejected(before, DeletionRules.unknownTopic(before, command.topicName()));
        }
        int present = topic.get().partitions().size();
        int added = command.newTotalCount() - present;
        if (added == 0) {
            return Applied.accepted(before, new Result.PartitionsAdded(topic.get()));
        }
        Optional<Rejected> refusal = countRefusal(command, present).or(() -> clusterRefusal(before, added));
        if (refusal.isPresent()) {
            return Applied.rejected(before, refusal.get());
        }
        return place(before, topic.get(), added);
    }

    private static Optional<Rejected> countRefusal(AddPartitions command, int present) {
        int wanted = command.newTotalCount();
        if (wanted > present && wanted <= Limits.TOPIC_PARTITIONS_MAX) {
            return Optional.empty();
        }
        return Optional.of(new Rejected(
                ErrorCode.INVALID_PARTITION_COUNT,
                "topic '" + command.topicName() + "' has " + present + " partitions and can have more, up to "
                        + Limits.TOPIC_PARTITIONS_MAX + ", but not " + wanted
                        + (wanted < present ? ": partitions cannot be taken away; create another topic" : ""),
                Map.of(
                        "topic", command.topicName(),
                        "partition_count", Integer.toString(wanted),
                        "present_partition_count", Integer.toString(present))));
    }

    private static Applied place(MetadataImage before, Topic topic, int added) {
        Placement placement = Placement.in(before).growing(topic);
        int brokers = placement.brokers();
        if (brokers < topic.replicationFactor()) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.INVALID_REPLICATION_FACTOR,
                            "replication factor " + topic.replicationFactor() + " of topic '" + topic.name()
                                    + "' does not fit the " + brokers + " brokers that can take replicas; add brokers",
                            Map.of(
                                    "replication_factor", Integer.toString(topic.replicationFactor()),
                                    "available_brokers", Integer.toString(brokers))));
        }
        long room = placement.room();
        Optional<List<List<PeerId>>> placed = placement.place(added, topic.replicationFactor());
        if (placed.isEmpty()) {
            return Applied.rejected(
                    before,
                    new Rejected(
                            ErrorCode.INVALID_PARTITION_COUNT,
                            added + " partitions more of topic '" + topic.name() + "' with " + topic.replicationFactor()
                                    + " replicas each do not fit: the brokers have room for " + room
                                    + " more replicas; ask for fewer, add brokers, or give them more memory and a larger"
                                    + " replicas.max",
                            Map.of(
                                    "partition_count", Integer.toString(added),
                                    "replicas_room", Long.toString(room))));
        }
        List<PartitionAssignment> partitions = new ArrayList<>(topic.partitions());
        for (List<PeerId> replicas : placed.get()) {
            partitions.add(PartitionAssignment.unled(partitions.size(), replicas));
        }
        Topic grown = topic.withPartitions(partitions);
        return Applied.accepted(before.with(List.of(grown)), new Result.PartitionsAdded(grown));
    }
}

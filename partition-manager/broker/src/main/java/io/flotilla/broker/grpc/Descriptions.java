package io.flotilla.broker.grpc;

import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.PartitionDescription;
import io.flotilla.protocol.v1.TopicDescription;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Optional;
import java.util.function.Function;

/** The metadata as clients see it, with what this broker's own replicas know better. */
final class Descriptions {
    private final Function<PartitionId, Optional<Partition>> replicas;

    Descriptions(Function<PartitionId, Optional<Partition>> replicas) {
        this.replicas = replicas;
    }

    static BrokerEndpoint endpoint(BrokerRegistration broker) {
        return BrokerEndpoint.newBuilder()
                .setBrokerId(broker.id())
                .setHost(broker.grpc().host())
                .setPort(broker.grpc().port())
                .build();
    }

    TopicDescription describe(Topic topic, MetadataImage image) {
        TopicDescription.Builder description = TopicDescription.newBuilder()
                .setName(topic.name())
                .setTopicId(topic.idText())
                .setReplicationFactor(topic.replicationFactor())
                .putAllConfig(topic.config());
        topic.partitions().forEach(assignment -> description.addPartitions(describe(topic, assignment, image)));
        return description.build();
    }

    private PartitionDescription describe(Topic topic, PartitionAssignment assignment, MetadataImage image) {
        PartitionDescription.Builder description = PartitionDescription.newBuilder()
                .setPartition(assignment.partition())
                .setLeaderEpoch(assignment.leaderEpoch());
        assignment.replicas().forEach(replica -> description.addReplicaBrokerIds(replica.nodeId()));
        assignment.leader().ifPresent(description::setLeaderBrokerId);
        if (assignment.isMoving()) {
            description
                    .addAllTargetBrokerIds(OperationDescriptions.brokerIds(assignment.target()))
                    .addAllVoterBrokerIds(OperationDescriptions.brokerIds(assignment.voters()));
        }
        replicas.apply(topic.partitionId(assignment.partition())).ifPresent(replica -> {
            description.setLogStartOffset(replica.logStartOffset()).setHighWatermark(replica.highWatermark());
            correctLeader(description, replica.leadership(), image);
        });
        return description.build();
    }

    /** A replica learns of a new leader before the metadata does. */
    private static void correctLeader(
            PartitionDescription.Builder description, Leadership leadership, MetadataImage image) {
        Optional<Integer> leader = leadership.leader().map(PeerId::nodeId).filter(id -> image.broker(id)
                .isPresent());
        if (leader.isPresent() && leadership.term() >= description.getLeaderEpoch()) {
            description.setLeaderBrokerId(leader.get()).setLeaderEpoch(Math.toIntExact(leadership.term()));
        }
    }
}

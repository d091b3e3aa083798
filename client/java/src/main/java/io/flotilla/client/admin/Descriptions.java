package io.flotilla.client.admin;

import com.google.protobuf.Timestamp;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.BrokerAvailability;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.BrokerStatus;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.TopicSummary;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.DescribeBrokerResponse;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What brokers describe, from the wire to the API. */
final class Descriptions {
    private Descriptions() {}

    static TopicDescription topic(io.flotilla.protocol.v1.TopicDescription wire) {
        return new TopicDescription(
                wire.getName(),
                wire.getTopicId(),
                wire.getReplicationFactor(),
                wire.getConfigMap(),
                wire.getPartitionsList().stream()
                        .map(partition -> partition(wire.getName(), partition))
                        .sorted(Comparator.comparing(PartitionDescription::partition))
                        .toList());
    }

    static TopicSummary summary(io.flotilla.protocol.v1.TopicSummary wire) {
        return new TopicSummary(
                wire.getName(), wire.getTopicId(), wire.getPartitionCount(), wire.getReplicationFactor());
    }

    static DeletedTopic deletedTopic(io.flotilla.protocol.v1.DeletedTopic wire) {
        return new DeletedTopic(
                summary(wire.getTopic()),
                instant(wire.getDeletedAt()),
                instant(wire.getPurgeAt()),
                Duration.ofSeconds(
                        wire.getTimeLeft().getSeconds(), wire.getTimeLeft().getNanos()));
    }

    private static PartitionDescription partition(String topic, io.flotilla.protocol.v1.PartitionDescription wire) {
        return new PartitionDescription(
                new TopicPartition(topic, wire.getPartition()),
                wire.getReplicaBrokerIdsList(),
                wire.hasLeaderBrokerId() ? OptionalInt.of(wire.getLeaderBrokerId()) : OptionalInt.empty(),
                wire.getLeaderEpoch(),
                wire.hasLogStartOffset() ? OptionalLong.of(wire.getLogStartOffset()) : OptionalLong.empty(),
                wire.hasHighWatermark() ? OptionalLong.of(wire.getHighWatermark()) : OptionalLong.empty(),
                wire.getTargetBrokerIdsList(),
                wire.getVoterBrokerIdsList());
    }

    static ClusterDescription cluster(DescribeClusterResponse wire) {
        return new ClusterDescription(
                wire.getClusterId(),
                wire.hasMetadataLeaderBrokerId()
                        ? OptionalInt.of(wire.getMetadataLeaderBrokerId())
                        : OptionalInt.empty(),
                wire.getMetadataVoterBrokerIdsList(),
                wire.getMetadataVersion(),
                wire.getFeatureLevel(),
                wire.getBrokersList().stream()
                        .map(Descriptions::broker)
                        .sorted(Comparator.comparingInt(BrokerDescription::brokerId))
                        .toList());
    }

    static BrokerDescription broker(io.flotilla.protocol.v1.BrokerDescription wire) {
        return new BrokerDescription(
                wire.getEndpoint().getBrokerId(),
                new BrokerAddress(
                        wire.getEndpoint().getHost(), wire.getEndpoint().getPort()),
                wire.getRack(),
                wire.getDirectoryId(),
                instant(wire.getRegisteredAt()),
                wire.getLeaderCount(),
                wire.getReplicaCount(),
                new BrokerAvailability(
                        wire.getDraining(),
                        wire.getLeaving(),
                        wire.hasFencedSince() ? Optional.of(instant(wire.getFencedSince())) : Optional.empty()));
    }

    static Instant instant(Timestamp wire) {
        return Instant.ofEpochSecond(wire.getSeconds(), wire.getNanos());
    }

    static BrokerStatus status(DescribeBrokerResponse wire) {
        return new BrokerStatus(
                wire.getBrokerId(),
                wire.getClusterId(),
                wire.getVersion(),
                wire.getReplicasList().stream()
                        .map(replica -> new ReplicaDescription(
                                WirePartition.fromProto(replica.getPartition()),
                                role(replica.getRole()),
                                replica.getLeaderEpoch(),
                                replica.getLogStartOffset(),
                                replica.getHighWatermark(),
                                replica.getAppliedIndex()))
                        .sorted(Comparator.comparing(ReplicaDescription::partition))
                        .toList());
    }

    private static ReplicaRole role(io.flotilla.protocol.v1.ReplicaRole wire) {
        return switch (wire) {
            case REPLICA_ROLE_LEADER -> ReplicaRole.LEADER;
            case REPLICA_ROLE_FOLLOWER -> ReplicaRole.FOLLOWER;
            case REPLICA_ROLE_CANDIDATE -> ReplicaRole.CANDIDATE;
            case REPLICA_ROLE_FAILED -> ReplicaRole.FAILED;
            case REPLICA_ROLE_UNSPECIFIED, UNRECOGNIZED -> ReplicaRole.UNKNOWN;
        };
    }
}

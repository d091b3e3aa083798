package io.flotilla.broker.grpc;

import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.v1.BrokerDescription;
import io.flotilla.protocol.v1.ClusterServiceGrpc.ClusterServiceImplBase;
import io.flotilla.protocol.v1.DescribeBrokerRequest;
import io.flotilla.protocol.v1.DescribeBrokerResponse;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import io.flotilla.protocol.v1.ReplicaDescription;
import io.flotilla.protocol.v1.ReplicaRole;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Leadership;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@code flotilla.v1.ClusterService}. */
final class ClusterEndpoint extends ClusterServiceImplBase {
    private final int nodeId;
    private final BrokerMetadata metadata;
    private final Supplier<Collection<Partition>> replicas;
    private final UnaryAnswer answers;

    ClusterEndpoint(
            int nodeId,
            BrokerMetadata metadata,
            Supplier<Collection<Partition>> replicas,
            ErrorAnswers errors,
            Executor executor) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.replicas = replicas;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void describeCluster(DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
        answers.send(observer, null, () -> CompletableFuture.completedFuture(describeCluster()));
    }

    private DescribeClusterResponse describeCluster() {
        MetadataImage image = metadata.image();
        Quorum quorum = metadata.quorum();
        Map<Integer, Integer> leaderCounts = new HashMap<>();
        Map<Integer, Integer> replicaCounts = new HashMap<>();
        for (Topic topic : image.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                partition.leader().ifPresent(leader -> leaderCounts.merge(leader, 1, Integer::sum));
                partition.replicas().forEach(replica -> replicaCounts.merge(replica.nodeId(), 1, Integer::sum));
            }
        }
        DescribeClusterResponse.Builder response = DescribeClusterResponse.newBuilder()
                .setClusterId(image.clusterId())
                .setMetadataVersion(image.version())
                .addAllMetadataVoterBrokerIds(quorum.voters().stream().sorted().toList());
        quorum.leader().ifPresent(response::setMetadataLeaderBrokerId);
        image.brokers()
                .values()
                .forEach(broker -> response.addBrokers(describe(
                        broker,
                        leaderCounts.getOrDefault(broker.id(), 0),
                        replicaCounts.getOrDefault(broker.id(), 0))));
        return response.build();
    }

    private static BrokerDescription describe(BrokerRegistration broker, int leaderCount, int replicaCount) {
        return BrokerDescription.newBuilder()
                .setEndpoint(Descriptions.endpoint(broker))
                .setRack(broker.rack())
                .setDirectoryId(broker.directoryId())
                .setRegisteredAt(WireTimes.timestamp(broker.registeredAtMillis()))
                .setLeaderCount(leaderCount)
                .setReplicaCount(replicaCount)
                .build();
    }

    @Override
    public void describeBroker(DescribeBrokerRequest request, StreamObserver<DescribeBrokerResponse> observer) {
        answers.send(observer, null, () -> {
            MetadataImage image = metadata.image();
            String version = ClusterEndpoint.class.getPackage().getImplementationVersion();
            List<ReplicaDescription> described = replicas.get().stream()
                    .map(replica -> describe(replica, image))
                    .toList();
            return CompletableFuture.completedFuture(DescribeBrokerResponse.newBuilder()
                    .setBrokerId(nodeId)
                    .setClusterId(image.clusterId())
                    .setVersion(version == null ? "development" : version)
                    .addAllReplicas(described)
                    .build());
        });
    }

    private static ReplicaDescription describe(Partition replica, MetadataImage image) {
        PartitionId id = replica.id();
        // A replica whose topic was deleted lives on until the topic is purged, under its id.
        String topic = image.topic(id.topicId()).map(Topic::name).orElseGet(() -> Topic.idText(id.topicId()));
        return ReplicaDescription.newBuilder()
                .setPartition(TopicPartition.newBuilder().setTopic(topic).setPartition(id.partition()))
                .setRole(role(replica))
                .setLeaderEpoch(Math.toIntExact(replica.leadership().term()))
                .setLogStartOffset(replica.logStartOffset())
                .setHighWatermark(replica.highWatermark())
                .setAppliedIndex(replica.appliedIndex())
                .build();
    }

    private static ReplicaRole role(Partition replica) {
        Leadership.Role role = replica.leadership().role();
        return switch (role) {
            case LEADER -> ReplicaRole.REPLICA_ROLE_LEADER;
            case FOLLOWER -> ReplicaRole.REPLICA_ROLE_FOLLOWER;
            case CANDIDATE -> ReplicaRole.REPLICA_ROLE_CANDIDATE;
            case STOPPED -> ReplicaRole.REPLICA_ROLE_FAILED;
        };
    }
}

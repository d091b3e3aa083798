package io.flotilla.broker.grpc;

import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.v1.BrokerDescription;
import io.flotilla.protocol.v1.ClusterServiceGrpc.ClusterServiceImplBase;
import io.flotilla.protocol.v1.DecommissionBrokerRequest;
import io.flotilla.protocol.v1.DecommissionBrokerResponse;
import io.flotilla.protocol.v1.DescribeBrokerRequest;
import io.flotilla.protocol.v1.DescribeBrokerResponse;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeClusterResponse;
import io.flotilla.protocol.v1.DrainBrokerRequest;
import io.flotilla.protocol.v1.DrainBrokerResponse;
import io.flotilla.protocol.v1.RebalanceClusterRequest;
import io.flotilla.protocol.v1.RebalanceClusterResponse;
import io.flotilla.protocol.v1.ReplicaDescription;
import io.flotilla.protocol.v1.ReplicaRole;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.protocol.v1.UpgradeClusterRequest;
import io.flotilla.protocol.v1.UpgradeClusterResponse;
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
    private final ControlRequests requests;
    private final UnaryAnswer answers;

    ClusterEndpoint(
            int nodeId,
            BrokerMetadata metadata,
            Supplier<Collection<Partition>> replicas,
            ControlRequests requests,
            ErrorAnswers errors,
            Executor executor) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.replicas = replicas;
        this.requests = requests;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void describeCluster(DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
        answers.send(observer, null, () -> CompletableFuture.completedFuture(describeCluster()));
    }

    private DescribeClusterResponse describeCluster() {
        MetadataImage image = metadata.image();
        Quorum quorum = metadata.quorum();
        BrokerLoads loads = BrokerLoads.of(image);
        DescribeClusterResponse.Builder response = DescribeClusterResponse.newBuilder()
                .setClusterId(image.clusterId())
                .setMetadataVersion(image.version())
                .setFeatureLevel(image.featureLevel())
                .addAllMetadataVoterBrokerIds(quorum.voters().stream().sorted().toList());
        quorum.leader().ifPresent(response::setMetadataLeaderBrokerId);
        image.brokers().values().forEach(broker -> response.addBrokers(describe(broker, loads)));
        return response.build();
    }

    /** Partitions that brokers lead and replicas that they have, by id. */
    private record BrokerLoads(Map<Integer, Integer> leaders, Map<Integer, Integer> replicas) {
        static BrokerLoads of(MetadataImage image) {
            Map<Integer, Integer> leaders = new HashMap<>();
            Map<Integer, Integer> replicas = new HashMap<>();
            for (Topic topic : image.topics().values()) {
                for (PartitionAssignment partition : topic.partitions()) {
                    partition.leader().ifPresent(leader -> leaders.merge(leader, 1, Integer::sum));
                    partition.replicas().forEach(replica -> replicas.merge(replica.nodeId(), 1, Integer::sum));
                }
            }
            return new BrokerLoads(leaders, replicas);
        }
    }

    private static BrokerDescription describe(BrokerRegistration broker, BrokerLoads loads) {
        BrokerDescription.Builder description = BrokerDescription.newBuilder()
                .setEndpoint(Descriptions.endpoint(broker))
                .setRack(broker.rack())
                .setDirectoryId(broker.directoryId())
                .setRegisteredAt(WireTimes.timestamp(broker.registeredAtMillis()))
                .setLeaderCount(loads.leaders().getOrDefault(broker.id(), 0))
                .setReplicaCount(loads.replicas().getOrDefault(broker.id(), 0))
                .setDraining(broker.status().draining())
                .setLeaving(broker.status().leaving());
        if (broker.status().isFenced()) {
            description.setFencedSince(WireTimes.timestamp(broker.status().fencedAtMillis()));
        }
        return description.build();
    }

    @Override
    public void drainBroker(DrainBrokerRequest request, StreamObserver<DrainBrokerResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.drain(request.getBrokerId(), request.getDraining()),
                broker -> DrainBrokerResponse.newBuilder()
                        .setBroker(describe(broker, BrokerLoads.of(metadata.image())))
                        .build());
    }

    @Override
    public void decommissionBroker(
            DecommissionBrokerRequest request, StreamObserver<DecommissionBrokerResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.decommission(WireIds.chosenOperation(request.getOperationId()), request.getBrokerId()),
                operation -> DecommissionBrokerResponse.newBuilder()
                        .setOperation(OperationDescriptions.describe(operation, metadata.image()))
                        .build());
    }

    @Override
    public void rebalanceCluster(RebalanceClusterRequest request, StreamObserver<RebalanceClusterResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.rebalance(WireIds.chosenOperation(request.getOperationId())),
                operation -> RebalanceClusterResponse.newBuilder()
                        .setOperation(OperationDescriptions.describe(operation, metadata.image()))
                        .build());
    }

    @Override
    public void upgradeCluster(UpgradeClusterRequest request, StreamObserver<UpgradeClusterResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.raiseFeatureLevel(request.getFeatureLevel()),
                level -> UpgradeClusterResponse.newBuilder()
                        .setFeatureLevel(level)
                        .build());
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

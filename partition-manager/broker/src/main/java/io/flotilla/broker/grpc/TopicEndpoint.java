package io.flotilla.broker.grpc;

import io.flotilla.broker.replica.PartitionName;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.v1.AddPartitionsRequest;
import io.flotilla.protocol.v1.AddPartitionsResponse;
import io.flotilla.protocol.v1.AlterTopicConfigRequest;
import io.flotilla.protocol.v1.AlterTopicConfigResponse;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.CreateTopicResponse;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicResponse;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.DescribeTopicsResponse;
import io.flotilla.protocol.v1.ListDeletedTopicsRequest;
import io.flotilla.protocol.v1.ListDeletedTopicsResponse;
import io.flotilla.protocol.v1.ListTopicsRequest;
import io.flotilla.protocol.v1.ListTopicsResponse;
import io.flotilla.protocol.v1.TopicDescription;
import io.flotilla.protocol.v1.TopicServiceGrpc.TopicServiceImplBase;
import io.flotilla.protocol.v1.TopicSummary;
import io.flotilla.protocol.v1.TrimPartitionRequest;
import io.flotilla.protocol.v1.TrimPartitionResponse;
import io.flotilla.protocol.v1.UndeleteTopicRequest;
import io.flotilla.protocol.v1.UndeleteTopicResponse;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.TopicService}. */
final class TopicEndpoint extends TopicServiceImplBase {
    private final ClusterMetadata metadata;
    private final ReplicaLookup replicas;
    private final Descriptions descriptions;
    private final TopicChanges changes;
    private final Clock clock;
    private final UnaryAnswer answers;

    /**
     * @param clock tells how long deleted topics are kept
     */
    TopicEndpoint(
            ClusterMetadata metadata,
            ReplicaLookup replicas,
            Descriptions descriptions,
            TopicChanges changes,
            Clock clock,
            ErrorAnswers errors,
            Executor executor) {
        this.metadata = metadata;
        this.replicas = replicas;
        this.descriptions = descriptions;
        this.changes = changes;
        this.clock = clock;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
        answers.send(observer, null, () -> changes.create(request), topic -> CreateTopicResponse.newBuilder()
                .setTopic(described(topic))
                .build());
    }

    @Override
    public void addPartitions(AddPartitionsRequest request, StreamObserver<AddPartitionsResponse> observer) {
        answers.send(observer, null, () -> changes.addPartitions(request), topic -> AddPartitionsResponse.newBuilder()
                .setTopic(described(topic))
                .build());
    }

    @Override
    public void alterTopicConfig(AlterTopicConfigRequest request, StreamObserver<AlterTopicConfigResponse> observer) {
        answers.send(observer, null, () -> changes.alterConfig(request), topic -> AlterTopicConfigResponse.newBuilder()
                .setTopic(described(topic))
                .build());
    }

    @Override
    public void deleteTopic(DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
        answers.send(observer, null, () -> changes.delete(request), deleted -> {
            DeleteTopicResponse.Builder response = DeleteTopicResponse.newBuilder();
            if (deleted.purgeAtMillis() != 0) {
                response.setPurgeAt(WireTimes.timestamp(deleted.purgeAtMillis()));
            }
            return response.build();
        });
    }

    @Override
    public void undeleteTopic(UndeleteTopicRequest request, StreamObserver<UndeleteTopicResponse> observer) {
        answers.send(observer, null, () -> changes.undelete(request), topic -> UndeleteTopicResponse.newBuilder()
                .setTopic(described(topic))
                .build());
    }

    private TopicDescription described(Topic topic) {
        return descriptions.describe(topic, metadata.image());
    }

    @Override
    public void trimPartition(TrimPartitionRequest request, StreamObserver<TrimPartitionResponse> observer) {
        PartitionName name = Payloads.name(request.getPartition());
        answers.send(
                observer,
                name,
                () -> replicas.leading(name).advanceLogStart(request.getOffset()),
                start -> TrimPartitionResponse.newBuilder()
                        .setLogStartOffset(start)
                        .build());
    }

    @Override
    public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
        answers.send(observer, null, () -> {
            ListTopicsResponse.Builder response = ListTopicsResponse.newBuilder();
            metadata.image().topics().values().forEach(topic -> response.addTopics(summary(topic)));
            return CompletableFuture.completedFuture(response.build());
        });
    }

    @Override
    public void listDeletedTopics(
            ListDeletedTopicsRequest request, StreamObserver<ListDeletedTopicsResponse> observer) {
        answers.send(observer, null, () -> {
            long nowMillis = clock.millis();
            ListDeletedTopicsResponse.Builder response = ListDeletedTopicsResponse.newBuilder();
            metadata.image().deletedTopics().values().stream()
                    .sorted(Comparator.comparing(
                                    (DeletedTopic deleted) -> deleted.topic().name())
                            .thenComparing(DeletedTopic::deletedAtMillis, Comparator.reverseOrder()))
                    .forEach(deleted -> response.addTopics(describe(deleted, nowMillis)));
            return CompletableFuture.completedFuture(response.build());
        });
    }

    private static io.flotilla.protocol.v1.DeletedTopic describe(DeletedTopic deleted, long nowMillis) {
        long leftMillis = Math.max(0, deleted.purgeAtMillis() - nowMillis);
        return io.flotilla.protocol.v1.DeletedTopic.newBuilder()
                .setTopic(summary(deleted.topic()))
                .setDeletedAt(WireTimes.timestamp(deleted.deletedAtMillis()))
                .setPurgeAt(WireTimes.timestamp(deleted.purgeAtMillis()))
                .setTimeLeft(WireTimes.duration(Duration.ofMillis(leftMillis)))
                .build();
    }

    private static TopicSummary summary(Topic topic) {
        return TopicSummary.newBuilder()
                .setName(topic.name())
                .setTopicId(topic.idText())
                .setPartitionCount(topic.partitions().size())
                .setReplicationFactor(topic.replicationFactor())
                .build();
    }

    @Override
    public void describeTopics(DescribeTopicsRequest request, StreamObserver<DescribeTopicsResponse> observer) {
        answers.send(observer, null, () -> {
            MetadataImage image = metadata.image();
            List<Topic> topics = request.getNamesCount() == 0
                    ? List.copyOf(image.topics().values())
                    : request.getNamesList().stream().map(replicas::topic).toList();
            DescribeTopicsResponse.Builder response = DescribeTopicsResponse.newBuilder();
            topics.forEach(topic -> response.addTopics(descriptions.describe(topic, image)));
            image.brokers().values().forEach(broker -> response.addBrokers(Descriptions.endpoint(broker)));
            return CompletableFuture.completedFuture(response.build());
        });
    }
}

package io.flotilla.broker.grpc;

import io.flotilla.broker.config.BrokerConfig.TopicDefaults;
import io.flotilla.broker.metadata.ImageAwaiter;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result.TopicCreated;
import io.flotilla.metadata.Result.TopicDeleted;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.TopicConfig;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.CreateTopicResponse;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicResponse;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.DescribeTopicsResponse;
import io.flotilla.protocol.v1.ListTopicsRequest;
import io.flotilla.protocol.v1.ListTopicsResponse;
import io.flotilla.protocol.v1.TopicServiceGrpc.TopicServiceImplBase;
import io.flotilla.protocol.v1.TopicSummary;
import io.flotilla.protocol.v1.TrimPartitionRequest;
import io.flotilla.protocol.v1.TrimPartitionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.TopicService}. */
final class TopicEndpoint extends TopicServiceImplBase {
    /** How long an answer waits for this broker to see the change itself. */
    private static final Duration SEEN_HERE_MAX = Duration.ofSeconds(5);

    private final ClusterMetadata metadata;
    private final ReplicaLookup replicas;
    private final Descriptions descriptions;
    private final TopicDefaults defaults;
    private final Executor executor;
    private final UnaryAnswer answers;

    TopicEndpoint(
            ClusterMetadata metadata,
            ReplicaLookup replicas,
            Descriptions descriptions,
            TopicDefaults defaults,
            ErrorAnswers errors,
            Executor executor) {
        this.metadata = metadata;
        this.replicas = replicas;
        this.descriptions = descriptions;
        this.defaults = defaults;
        this.executor = executor;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
        answers.send(observer, null, () -> {
            CreateTopic command = new CreateTopic(
                    UUID.randomUUID(),
                    request.getName(),
                    request.getPartitionCount() == 0 ? defaults.partitionCount() : request.getPartitionCount(),
                    request.getReplicationFactor() == 0 ? defaults.replicationFactor() : request.getReplicationFactor(),
                    configOf(request));
            return metadata.submit(command)
                    .thenComposeAsync(outcome -> created(command, outcome), executor)
                    .thenApplyAsync(this::response, executor);
        });
    }

    /** Defaults of this broker that are not the cluster's become part of the topic: all replicas must agree on them. */
    private Map<String, String> configOf(CreateTopicRequest request) {
        Map<String, String> config = new HashMap<>(request.getConfigMap());
        addDefault(config, TopicConfig.SEGMENT_BYTES, defaults.partition().segmentBytesMax());
        addDefault(config, TopicConfig.MAX_MESSAGE_BYTES, defaults.partition().batchBytesMax());
        addDefault(config, TopicConfig.RETENTION_MS, defaults.retention().retentionMillis());
        addDefault(config, TopicConfig.RETENTION_BYTES, defaults.retention().retentionBytes());
        return config;
    }

    private static void addDefault(Map<String, String> config, TopicConfig setting, long value) {
        if (value != setting.defaultValue()) {
            config.putIfAbsent(setting.key(), Long.toString(value));
        }
    }

    private CompletableFuture<Topic> created(CreateTopic command, Outcome outcome) {
        if (outcome instanceof Outcome.Rejected rejected
                && rejected.code() == ErrorCode.TOPIC_ALREADY_EXISTS
                && metadata.image().topic(command.id()).isPresent()) {
            // An earlier attempt of this very call was applied although its answer was lost.
            return CompletableFuture.completedFuture(
                    metadata.image().topic(command.id()).orElseThrow());
        }
        Topic topic = outcome.resultAs(TopicCreated.class).topic();
        return seenHere(outcome).thenApply(image -> image.topic(topic.id()).orElse(topic));
    }

    private CreateTopicResponse response(Topic topic) {
        return CreateTopicResponse.newBuilder()
                .setTopic(descriptions.describe(topic, metadata.image()))
                .build();
    }

    private CompletableFuture<MetadataImage> seenHere(Outcome outcome) {
        long version = outcome instanceof Outcome.Accepted accepted ? accepted.version() : 0;
        return ImageAwaiter.atLeast(metadata, version, SEEN_HERE_MAX);
    }

    @Override
    public void deleteTopic(DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
        answers.send(observer, null, () -> metadata.submit(new DeleteTopic(request.getName()))
                .thenComposeAsync(
                        outcome -> {
                            outcome.resultAs(TopicDeleted.class);
                            return seenHere(outcome);
                        },
                        executor)
                .thenApply(image -> DeleteTopicResponse.getDefaultInstance()));
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

    private static TopicSummary summary(Topic topic) {
        return TopicSummary.newBuilder()
                .setName(topic.name())
                .setTopicId(Descriptions.topicId(topic.id()))
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

package io.flotilla.broker.grpc;

import io.flotilla.broker.config.BrokerConfig.TopicDefaults;
import io.flotilla.broker.metadata.ImageAwaiter;
import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.AddPartitions;
import io.flotilla.metadata.MetadataCommand.AlterTopicConfig;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.Once;
import io.flotilla.metadata.MetadataCommand.UndeleteTopic;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.TopicConfig;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.AddPartitionsRequest;
import io.flotilla.protocol.v1.AlterTopicConfigRequest;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.UndeleteTopicRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Turns requests for changes of topics into commands, with what this broker adds: its defaults, ids and times. Futures
 * complete once this broker sees the change itself, or a little later if it takes long to hear of it.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
final class TopicChanges {
    /** How long an answer waits for this broker to see the change itself. */
    private static final Duration SEEN_HERE_MAX = Duration.ofSeconds(5);

    private final ClusterMetadata metadata;
    private final TopicDefaults defaults;
    private final Clock clock;
    private final Executor executor;

    /**
     * @param clock stamps commands
     */
    TopicChanges(ClusterMetadata metadata, TopicDefaults defaults, Clock clock, Executor executor) {
        this.metadata = metadata;
        this.defaults = defaults;
        this.clock = clock;
        this.executor = executor;
    }

    CompletableFuture<Topic> create(CreateTopicRequest request) {
        CreateTopic command = new CreateTopic(
                WireIds.request(request.getRequestId()).orElseGet(UUID::randomUUID),
                request.getName(),
                request.getPartitionCount() == 0 ? defaults.partitionCount() : request.getPartitionCount(),
                request.getReplicationFactor() == 0 ? defaults.replicationFactor() : request.getReplicationFactor(),
                configOf(request));
        return metadata.submit(command).thenComposeAsync(outcome -> created(command, outcome), executor);
    }

    /** Defaults of this broker that are not the cluster's become part of the topic: all replicas must agree on them. */
    private Map<String, String> configOf(CreateTopicRequest request) {
        Map<String, String> config = new HashMap<>(request.getConfigMap());
        defaultsOfThisBroker().forEach(config::putIfAbsent);
        return config;
    }

    /** Those that are not the cluster's. */
    private Map<String, String> defaultsOfThisBroker() {
        Map<TopicConfig, Long> values = new LinkedHashMap<>();
        values.put(TopicConfig.SEGMENT_BYTES, (long) defaults.partition().segmentBytesMax());
        values.put(TopicConfig.MAX_MESSAGE_BYTES, (long) defaults.partition().batchBytesMax());
        values.put(TopicConfig.RETENTION_MS, defaults.retention().retentionMillis());
        values.put(TopicConfig.RETENTION_BYTES, defaults.retention().retentionBytes());
        Map<String, String> different = new HashMap<>();
        values.forEach((setting, value) -> {
            if (value != setting.defaultValue()) {
                different.put(setting.key(), Long.toString(value));
            }
        });
        return different;
    }

    private CompletableFuture<Topic> created(CreateTopic command, Outcome outcome) {
        if (outcome instanceof Outcome.Rejected rejected
                && rejected.code() == ErrorCode.TOPIC_ALREADY_EXISTS
                && metadata.image().topic(command.id()).isPresent()) {
            // An earlier attempt of this very call was applied although its answer was lost.
            return CompletableFuture.completedFuture(
                    metadata.image().topic(command.id()).orElseThrow());
        }
        return seenHere(outcome, outcome.resultAs(Result.TopicCreated.class).topic());
    }

    CompletableFuture<Topic> addPartitions(AddPartitionsRequest request) {
        AddPartitions command = new AddPartitions(request.getTopic(), request.getNewTotalCount());
        return change(once(request.getRequestId(), command), outcome -> outcome.resultAs(Result.PartitionsAdded.class)
                .topic());
    }

    /** A setting that goes back to this broker's default is set to it where that is not the cluster's, as at creation. */
    CompletableFuture<Topic> alterConfig(AlterTopicConfigRequest request) {
        Map<String, String> set = new HashMap<>(request.getSetMap());
        Set<String> remove = new HashSet<>(request.getUnsetList());
        defaultsOfThisBroker().forEach((key, value) -> {
            if (!set.containsKey(key) && remove.remove(key)) {
                set.put(key, value);
            }
        });
        return change(
                once(request.getRequestId(), new AlterTopicConfig(request.getTopic(), set, remove)),
                outcome -> outcome.resultAs(Result.TopicConfigAltered.class).topic());
    }

    /** The result has the time until when the topic can be undeleted. */
    CompletableFuture<Result.TopicDeleted> delete(DeleteTopicRequest request) {
        long graceMillis = request.getNow() ? 0 : defaults.deleteGrace().toMillis();
        DeleteTopic command = new DeleteTopic(request.getName(), clock.millis(), graceMillis);
        return metadata.submit(once(request.getRequestId(), command))
                .thenComposeAsync(
                        outcome -> {
                            Result.TopicDeleted deleted = outcome.resultAs(Result.TopicDeleted.class);
                            return seenHere(outcome).thenApply(image -> deleted);
                        },
                        executor);
    }

    CompletableFuture<Topic> undelete(UndeleteTopicRequest request) {
        return change(
                once(request.getRequestId(), new UndeleteTopic(idWhereKnown(request.getNameOrId()))),
                outcome -> outcome.resultAs(Result.TopicUndeleted.class).topic());
    }

    /** An id makes a command that can be sent twice. */
    private String idWhereKnown(String nameOrId) {
        List<Topic> ofThatName = metadata.image().deletedTopics().values().stream()
                .map(DeletedTopic::topic)
                .filter(topic -> topic.name().equals(nameOrId))
                .toList();
        return ofThatName.size() == 1 ? ofThatName.get(0).idText() : nameOrId;
    }

    /** The command itself where the caller does not tell its attempts from other calls. */
    private static MetadataCommand once(String requestId, MetadataCommand change) {
        return WireIds.request(requestId)
                .<MetadataCommand>map(id -> new Once(id, change))
                .orElse(change);
    }

    private CompletableFuture<Topic> change(MetadataCommand command, Function<Outcome, Topic> topicIn) {
        return metadata.submit(command)
                .thenComposeAsync(outcome -> seenHere(outcome, topicIn.apply(outcome)), executor);
    }

    /** The topic as this broker knows it, with what its leaders have reported since. */
    private CompletableFuture<Topic> seenHere(Outcome outcome, Topic topic) {
        return seenHere(outcome).thenApply(image -> image.topic(topic.id()).orElse(topic));
    }

    private CompletableFuture<MetadataImage> seenHere(Outcome outcome) {
        long version = outcome instanceof Outcome.Accepted accepted ? accepted.version() : 0;
        return ImageAwaiter.atLeast(metadata, version, SEEN_HERE_MAX);
    }
}

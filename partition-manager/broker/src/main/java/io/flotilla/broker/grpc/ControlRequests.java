package io.flotilla.broker.grpc;

import io.flotilla.broker.metadata.BrokerMetadata;
import io.flotilla.broker.metadata.ImageAwaiter;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.metadata.BrokerRegistration;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.DrainBroker;
import io.flotilla.metadata.MetadataCommand.EndOperation;
import io.flotilla.metadata.MetadataCommand.RaiseFeatureLevel;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What operators ask of the control plane, as commands to the metadata. Answers wait until this broker sees the change
 * itself, so that whoever asks it next does too.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
final class ControlRequests {
    /** How long an answer waits for this broker to see the change. */
    private static final Duration SEEN_HERE_MAX = Duration.ofSeconds(5);

    private final BrokerMetadata metadata;
    private final Clock clock;
    private final Executor executor;

    /**
     * @param clock stamps the beginning and the end of operations
     */
    ControlRequests(BrokerMetadata metadata, Clock clock, Executor executor) {
        this.metadata = metadata;
        this.clock = clock;
        this.executor = executor;
    }

    MetadataImage image() {
        return metadata.image();
    }

    CompletableFuture<BrokerRegistration> drain(int brokerId, boolean draining) {
        return change(new DrainBroker(brokerId, draining), outcome -> outcome.resultAs(Result.BrokerChanged.class)
                .broker());
    }

    /**
     * @throws Refused LEADER_NOT_READY while it is not known whether the broker votes on the metadata
     */
    CompletableFuture<Operation> decommission(UUID id, int brokerId) {
        if (metadata.image().metadataVoters().voters().isEmpty()) {
            throw new Refused(
                    ErrorCode.LEADER_NOT_READY,
                    "the leader of the cluster's metadata has not told yet who votes on it, so broker " + brokerId
                            + " cannot be taken out; try again");
        }
        return start(id, new Job.Decommission(brokerId));
    }

    CompletableFuture<Operation> rebalance(UUID id) {
        return start(id, new Job.Rebalance());
    }

    /**
     * @param level 0 for the newest that every registered broker speaks
     */
    CompletableFuture<Integer> raiseFeatureLevel(int level) {
        int wanted = level != 0 ? level : metadata.image().newestFeatureLevel();
        return change(new RaiseFeatureLevel(wanted), outcome -> outcome.resultAs(Result.FeatureLevelRaised.class)
                .level());
    }

    /**
     * @param brokerIds the preferred leader's first
     * @throws Refused UNKNOWN_TOPIC, UNKNOWN_PARTITION or UNKNOWN_BROKER
     */
    CompletableFuture<Operation> move(UUID id, PartitionName name, List<Integer> brokerIds) {
        MetadataImage image = metadata.image();
        PartitionId partition = partitionOf(image, name);
        List<PeerId> peers = new ArrayList<>();
        brokerIds.forEach(brokerId -> peers.add(peerOf(image, brokerId)));
        return start(id, new Job.Move(partition, peers));
    }

    /** {@link PartitionRecovery} has looked before whether that is to be. */
    CompletableFuture<Operation> recover(UUID id, Job.Recover job) {
        return start(id, job);
    }

    /**
     * @throws Refused UNKNOWN_TOPIC or UNKNOWN_PARTITION
     */
    static PartitionId partitionOf(MetadataImage image, PartitionName name) {
        Topic topic = topic(image, name.topic());
        return topic.partition(name.partition())
                .map(known -> topic.partitionId(known.partition()))
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNKNOWN_PARTITION,
                        "topic " + topic.name() + " has partitions 0 to "
                                + (topic.partitions().size() - 1) + ", not " + name.partition(),
                        Map.of(
                                "partition_count",
                                Integer.toString(topic.partitions().size()))));
    }

    /**
     * @throws Refused INVALID_REQUEST if there is no such broker
     */
    static PeerId peerOf(MetadataImage image, int brokerId) {
        return image.broker(brokerId)
                .map(BrokerRegistration::peerId)
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNKNOWN_BROKER,
                        "the cluster has no broker " + brokerId + ", only "
                                + image.brokers().keySet(),
                        Map.of("broker_id", Integer.toString(brokerId))));
    }

    /**
     * @throws Refused UNKNOWN_TOPIC
     */
    CompletableFuture<Operation> changeReplicationFactor(UUID id, String topic, int factor) {
        return start(
                id, new Job.ChangeReplication(topic(metadata.image(), topic).id(), factor));
    }

    private static Topic topic(MetadataImage image, String name) {
        return image.topic(name)
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNKNOWN_TOPIC, "there is no topic '" + name + "'", Map.of("topic", name)));
    }

    private CompletableFuture<Operation> start(UUID id, Job job) {
        return change(new StartOperation(id, job, clock.millis()), ControlRequests::operation);
    }

    CompletableFuture<Operation> cancel(UUID id) {
        return change(
                new EndOperation(id, Operation.State.CANCELLED, "cancelled by an operator", clock.millis()),
                ControlRequests::operation);
    }

    /**
     * @throws Refused UNKNOWN_OPERATION if there is none
     */
    static Operation find(MetadataImage image, UUID id) {
        return image.operation(id)
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNKNOWN_OPERATION,
                        "there is no operation " + WireIds.text(id) + "; list the operations to find its id",
                        Map.of("operation_id", WireIds.text(id))));
    }

    private static Operation operation(Outcome outcome) {
        return outcome.resultAs(Result.OperationChanged.class).operation();
    }

    private <T> CompletableFuture<T> change(MetadataCommand command, Function<Outcome, T> resultOf) {
        return metadata.submit(command)
                .thenComposeAsync(
                        outcome -> {
                            T result = resultOf.apply(outcome);
                            long version = outcome instanceof Outcome.Accepted accepted ? accepted.version() : 0;
                            return ImageAwaiter.atLeast(metadata, version, SEEN_HERE_MAX)
                                    .thenApply(image -> result);
                        },
                        executor);
    }
}

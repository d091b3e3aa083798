package io.flotilla.client.admin;

import io.flotilla.client.Admin;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.BrokerStatus;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.GroupAdmin;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.Position;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.TopicSummary;
import io.flotilla.client.metadata.MetadataCache;
import io.flotilla.client.metadata.OffsetFinder;
import io.flotilla.client.transport.Answers;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.AddPartitionsRequest;
import io.flotilla.protocol.v1.AlterTopicConfigRequest;
import io.flotilla.protocol.v1.ClusterServiceGrpc;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DeleteTopicRequest;
import io.flotilla.protocol.v1.DescribeBrokerRequest;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.ListDeletedTopicsRequest;
import io.flotilla.protocol.v1.ListTopicsRequest;
import io.flotilla.protocol.v1.TopicServiceGrpc;
import io.flotilla.protocol.v1.TrimPartitionRequest;
import io.flotilla.protocol.v1.UndeleteTopicRequest;
import io.grpc.MethodDescriptor;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Threading: safe. */
public final class FlotillaAdmin implements Admin {
    private final ClientSettings settings;
    private final BrokerCalls calls;
    private final MetadataCache metadata;
    private final OffsetFinder offsets;
    private final LeaderCalls leaders;
    private final ControlCalls control;
    private final GroupAdmin groups;

    public FlotillaAdmin(
            ClientSettings settings,
            BrokerCalls calls,
            MetadataCache metadata,
            OffsetFinder offsets,
            LeaderCalls leaders,
            GroupAdmin groups) {
        this.settings = settings;
        this.calls = calls;
        this.metadata = metadata;
        this.offsets = offsets;
        this.leaders = leaders;
        this.control = new ControlCalls(settings, calls);
        this.groups = groups;
    }

    @Override
    public TopicDescription createTopic(NewTopic topic) {
        CreateTopicRequest request = CreateTopicRequest.newBuilder()
                .setRequestId(ControlCalls.randomId())
                .setName(topic.name())
                .setPartitionCount(topic.partitionCount())
                .setReplicationFactor(topic.replicationFactor())
                .putAllConfig(topic.config())
                .build();
        try {
            return Descriptions.topic(
                    ask(TopicServiceGrpc.getCreateTopicMethod(), request).getTopic());
        } catch (LogException failure) {
            if (failure.code() != ErrorCode.TOPIC_ALREADY_EXISTS || !BrokerCalls.wasRetried(failure)) {
                throw failure;
            }
            TopicDescription existing = describeThere(topic.name());
            if (!hasShapeOf(topic, existing)) {
                throw failure;
            }
            return existing;
        }
    }

    /** A topic that is there: a broker that does not know it yet is asked again for a while. */
    private TopicDescription describeThere(String name) {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return describeTopic(name);
            } catch (LogException unknown) {
                boolean late =
                        System.nanoTime() - startNanos >= settings.topicGrace().toNanos();
                if (unknown.code() != ErrorCode.UNKNOWN_TOPIC || late) {
                    throw unknown;
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(settings.retryBackoffMin().toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Refused(ErrorCode.TIMEOUT, "interrupted while waiting for brokers to know topic " + name);
            }
        }
    }

    private static boolean hasShapeOf(NewTopic wanted, TopicDescription existing) {
        return (wanted.partitionCount() == 0 || wanted.partitionCount() == existing.partitionCount())
                && (wanted.replicationFactor() == 0 || wanted.replicationFactor() == existing.replicationFactor())
                && existing.config().entrySet().containsAll(wanted.config().entrySet());
    }

    @Override
    public TopicDescription addPartitions(String topic, int newTotalCount) {
        AddPartitionsRequest request = AddPartitionsRequest.newBuilder()
                .setRequestId(ControlCalls.randomId())
                .setTopic(topic)
                .setNewTotalCount(newTotalCount)
                .build();
        return changed(ask(TopicServiceGrpc.getAddPartitionsMethod(), request).getTopic());
    }

    @Override
    public TopicDescription alterTopicConfig(String topic, Map<String, String> set, Collection<String> unset) {
        AlterTopicConfigRequest request = AlterTopicConfigRequest.newBuilder()
                .setRequestId(ControlCalls.randomId())
                .setTopic(topic)
                .putAllSet(set)
                .addAllUnset(unset)
                .build();
        return changed(
                ask(TopicServiceGrpc.getAlterTopicConfigMethod(), request).getTopic());
    }

    /** This client's own producers shall not go by what they knew before. */
    private TopicDescription changed(io.flotilla.protocol.v1.TopicDescription topic) {
        metadata.expire(topic.getName());
        return Descriptions.topic(topic);
    }

    @Override
    public void deleteTopic(String name) {
        delete(name, false);
    }

    @Override
    public void deleteTopicNow(String nameOrId) {
        delete(nameOrId, true);
    }

    private void delete(String name, boolean now) {
        DeleteTopicRequest request = DeleteTopicRequest.newBuilder()
                .setRequestId(ControlCalls.randomId())
                .setName(name)
                .setNow(now)
                .build();
        try {
            ask(TopicServiceGrpc.getDeleteTopicMethod(), request);
        } catch (LogException failure) {
            if (failure.code() != ErrorCode.UNKNOWN_TOPIC || !BrokerCalls.wasRetried(failure)) {
                throw failure;
            }
        }
        metadata.forget(name);
    }

    @Override
    public TopicDescription undeleteTopic(String nameOrId) {
        UndeleteTopicRequest request = UndeleteTopicRequest.newBuilder()
                .setRequestId(ControlCalls.randomId())
                .setNameOrId(nameOrId)
                .build();
        try {
            return Descriptions.topic(
                    ask(TopicServiceGrpc.getUndeleteTopicMethod(), request).getTopic());
        } catch (LogException failure) {
            if (failure.code() != ErrorCode.UNKNOWN_TOPIC || !BrokerCalls.wasRetried(failure)) {
                throw failure;
            }
            return describeThere(nameOrId); // an attempt without an answer has brought it back
        }
    }

    @Override
    public List<DeletedTopic> listDeletedTopics() {
        return ask(TopicServiceGrpc.getListDeletedTopicsMethod(), ListDeletedTopicsRequest.getDefaultInstance())
                .getTopicsList()
                .stream()
                .map(Descriptions::deletedTopic)
                .toList();
    }

    @Override
    public List<TopicSummary> listTopics() {
        return ask(TopicServiceGrpc.getListTopicsMethod(), ListTopicsRequest.getDefaultInstance())
                .getTopicsList()
                .stream()
                .map(Descriptions::summary)
                .sorted(Comparator.comparing(TopicSummary::name))
                .toList();
    }

    @Override
    public TopicDescription describeTopic(String name) {
        return describeTopics(List.of(name)).stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused(ErrorCode.UNKNOWN_TOPIC, "there is no topic " + name));
    }

    @Override
    public List<TopicDescription> describeTopics(Collection<String> names) {
        DescribeTopicsRequest request =
                DescribeTopicsRequest.newBuilder().addAllNames(names).build();
        return ask(TopicServiceGrpc.getDescribeTopicsMethod(), request).getTopicsList().stream()
                .map(Descriptions::topic)
                .sorted(Comparator.comparing(TopicDescription::name))
                .toList();
    }

    @Override
    public ClusterDescription describeCluster() {
        return Descriptions.cluster(
                ask(ClusterServiceGrpc.getDescribeClusterMethod(), DescribeClusterRequest.getDefaultInstance()));
    }

    @Override
    public BrokerStatus describeBroker(BrokerAddress address) {
        return Descriptions.status(Answers.await(calls.at(
                address,
                ClusterServiceGrpc.getDescribeBrokerMethod(),
                DescribeBrokerRequest.getDefaultInstance(),
                settings.attemptTimeout())));
    }

    @Override
    public BrokerStatus describeBroker(int brokerId) {
        List<BrokerDescription> brokers = describeCluster().brokers();
        BrokerDescription broker = brokers.stream()
                .filter(known -> known.brokerId() == brokerId)
                .findFirst()
                .orElseThrow(() -> new Refused(
                        ErrorCode.BROKER_NOT_AVAILABLE,
                        "the cluster has no broker " + brokerId + ", only "
                                + brokers.stream()
                                        .map(BrokerDescription::brokerId)
                                        .toList()));
        return describeBroker(broker.address());
    }

    @Override
    public Map<TopicPartition, Long> listOffsets(Map<TopicPartition, Position> positions) {
        return Answers.await(offsets.find(positions, settings.requestTimeout()));
    }

    @Override
    public long trim(TopicPartition partition, long offset) {
        TrimPartitionRequest request = TrimPartitionRequest.newBuilder()
                .setPartition(WirePartition.toProto(partition))
                .setOffset(offset)
                .build();
        return Answers.await(leaders.ask(
                        partition, TopicServiceGrpc.getTrimPartitionMethod(), request, settings.requestTimeout()))
                .getLogStartOffset();
    }

    @Override
    public BrokerDescription drainBroker(int brokerId) {
        return control.drain(brokerId, true);
    }

    @Override
    public BrokerDescription undrainBroker(int brokerId) {
        return control.drain(brokerId, false);
    }

    @Override
    public OperationDescription decommissionBroker(int brokerId) {
        return control.decommission(brokerId);
    }

    @Override
    public OperationDescription movePartition(TopicPartition partition, List<Integer> brokerIds) {
        return control.move(partition, brokerIds);
    }

    @Override
    public List<RecoverableReplica> recoverableReplicas(TopicPartition partition, int survivorBrokerId) {
        return control.recoverableReplicas(partition, survivorBrokerId);
    }

    @Override
    public OperationDescription recoverPartition(TopicPartition partition, int survivorBrokerId, String acceptLoss) {
        return control.recover(partition, survivorBrokerId, acceptLoss);
    }

    @Override
    public OperationDescription changeReplicationFactor(String topic, int replicationFactor) {
        return control.changeReplicationFactor(topic, replicationFactor);
    }

    @Override
    public OperationDescription rebalance() {
        return control.rebalance();
    }

    @Override
    public int upgradeCluster(OptionalInt featureLevel) {
        return control.upgrade(featureLevel);
    }

    @Override
    public List<OperationDescription> operations() {
        return control.operations();
    }

    @Override
    public OperationDescription operation(String id) {
        return control.operation(id);
    }

    @Override
    public OperationDescription cancelOperation(String id) {
        return control.cancel(id);
    }

    @Override
    public GroupAdmin groups() {
        return groups;
    }

    private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
        return Answers.await(calls.atAny(method, request, settings.requestTimeout()));
    }
}

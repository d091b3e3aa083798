package io.flotilla.cli;

import io.flotilla.client.Admin;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.BrokerAvailability;
import io.flotilla.client.BrokerDescription;
import io.flotilla.client.BrokerStatus;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.ConsumerSettings;
import io.flotilla.client.DeletedTopic;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupSettings;
import io.flotilla.client.NewTopic;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationJob;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.ProducerSettings;
import io.flotilla.client.RecordMetadata;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.TopicSummary;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.error.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of one broker without network or disk: topics are lists of records. */
final class MemoryCluster implements Cluster, Admin {
    static final long TIMESTAMP_MILLIS = 1_700_000_000_123L;

    private static final String TOPIC_ID = "0123456789abcdef0123456789abcdef";
    private static final int BROKER_ID = 1;

    private final SortedMap<String, TopicDescription> topics = new TreeMap<>();
    private final SortedMap<String, TopicDescription> deleted = new TreeMap<>();
    private final SortedMap<TopicPartition, List<ConsumerRecord>> logs = new TreeMap<>();
    private final MemoryOperations operations = new MemoryOperations();
    private final MemoryGroups groups =
            new MemoryGroups(partition -> log(partition).size());
    private BrokerAvailability availability = BrokerAvailability.IN_SERVICE;
    private int featureLevel = 1;
    private int leaders = 1;
    private boolean keepsLeading;

    @Override
    public GroupConsumer groupConsumer(GroupSettings settings) {
        throw new AssertionError("groups in memory have no members that read: deploy/test/cli-smoke has real ones");
    }

    @Override
    public MemoryGroups groups() {
        return groups;
    }

    List<ConsumerRecord> log(TopicPartition partition) {
        List<ConsumerRecord> log = logs.get(partition);
        if (log == null) {
            throw new Refused(ErrorCode.UNKNOWN_PARTITION, "there is no " + partition);
        }
        return log;
    }

    void append(String topic, int partition, byte[] value) {
        TopicPartition place = new TopicPartition(topic, partition);
        log(place).add(new ConsumerRecord(place, log(place).size(), TIMESTAMP_MILLIS, null, value, List.of()));
    }

    @Override
    public TopicDescription createTopic(NewTopic topic) {
        if (topics.containsKey(topic.name())) {
            throw new Refused(ErrorCode.TOPIC_ALREADY_EXISTS, "topic " + topic.name() + " already exists");
        }
        return put(topic.name(), TOPIC_ID, Math.max(1, topic.partitionCount()), topic.config());
    }

    private TopicDescription put(String name, String id, int partitionCount, Map<String, String> config) {
        List<PartitionDescription> partitions = IntStream.range(0, partitionCount)
                .mapToObj(number -> new PartitionDescription(
                        new TopicPartition(name, number),
                        List.of(BROKER_ID),
                        number == 0 ? OptionalInt.of(BROKER_ID) : OptionalInt.empty(),
                        7,
                        OptionalLong.of(0),
                        OptionalLong.empty()))
                .toList();
        partitions.forEach(partition -> logs.putIfAbsent(partition.partition(), new ArrayList<>()));
        var description = new TopicDescription(name, id, 1, config, partitions);
        topics.put(name, description);
        return description;
    }

    @Override
    public TopicDescription addPartitions(String topic, int newTotalCount) {
        TopicDescription before = describeTopic(topic);
        if (newTotalCount < before.partitionCount()) {
            throw new Refused(
                    ErrorCode.INVALID_PARTITION_COUNT,
                    "topic " + topic + " has " + before.partitionCount() + " partitions and not fewer");
        }
        return put(topic, before.topicId(), newTotalCount, before.config());
    }

    @Override
    public TopicDescription alterTopicConfig(String topic, Map<String, String> set, Collection<String> unset) {
        TopicDescription before = describeTopic(topic);
        Map<String, String> config = new TreeMap<>(before.config());
        config.putAll(set);
        config.keySet().removeAll(unset);
        return put(topic, before.topicId(), before.partitionCount(), config);
    }

    @Override
    public void deleteTopic(String name) {
        deleted.put(name, describeTopic(name));
        topics.remove(name);
    }

    @Override
    public void deleteTopicNow(String nameOrId) {
        if (topics.remove(nameOrId) == null
                && !deleted.values().removeIf(topic -> topic.topicId().equals(nameOrId))) {
            throw new Refused(ErrorCode.UNKNOWN_TOPIC, "there is no topic " + nameOrId);
        }
    }

    @Override
    public TopicDescription undeleteTopic(String nameOrId) {
        TopicDescription topic = deleted.remove(nameOrId);
        if (topic == null) {
            throw new Refused(ErrorCode.UNKNOWN_TOPIC, "there is no deleted topic " + nameOrId);
        }
        topics.put(topic.name(), topic);
        return topic;
    }

    @Override
    public List<DeletedTopic> listDeletedTopics() {
        return deleted.values().stream()
                .map(topic -> new DeletedTopic(
                        new TopicSummary(topic.name(), topic.topicId(), topic.partitionCount(), 1),
                        Instant.ofEpochMilli(TIMESTAMP_MILLIS),
                        Instant.ofEpochMilli(TIMESTAMP_MILLIS + 3_600_000),
                        Duration.ofSeconds(3_552)))
                .toList();
    }

    @Override
    public List<TopicSummary> listTopics() {
        return topics.values().stream()
                .map(topic -> new TopicSummary(topic.name(), topic.topicId(), topic.partitionCount(), 1))
                .toList();
    }

    @Override
    public TopicDescription describeTopic(String name) {
        TopicDescription topic = topics.get(name);
        if (topic == null) {
            throw new Refused(ErrorCode.UNKNOWN_TOPIC, "there is no topic " + name);
        }
        return topic;
    }

    @Override
    public List<TopicDescription> describeTopics(Collection<String> names) {
        return names.stream().map(this::describeTopic).toList();
    }

    @Override
    public ClusterDescription describeCluster() {
        var broker = new BrokerDescription(
                BROKER_ID,
                new BrokerAddress("127.0.0.1", 9094),
                "",
                "d1",
                Instant.EPOCH,
                leaders(),
                logs.size(),
                availability);
        return new ClusterDescription(
                "c1", OptionalInt.of(BROKER_ID), List.of(BROKER_ID), 3, featureLevel, List.of(broker));
    }

    @Override
    public BrokerStatus describeBroker(BrokerAddress address) {
        return describeBroker(BROKER_ID);
    }

    @Override
    public BrokerStatus describeBroker(int brokerId) {
        if (brokerId != BROKER_ID) {
            throw new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "there is no broker " + brokerId);
        }
        List<ReplicaDescription> replicas = logs.entrySet().stream()
                .map(log -> new ReplicaDescription(
                        log.getKey(), ReplicaRole.LEADER, 7, 0, log.getValue().size(), 9))
                .toList();
        return new BrokerStatus(BROKER_ID, "c1", "0.1", replicas);
    }

    @Override
    public Map<TopicPartition, Long> listOffsets(Map<TopicPartition, Position> positions) {
        return positions.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> offsetOf(entry.getKey(), entry.getValue())));
    }

    long offsetOf(TopicPartition partition, Position position) {
        if (position instanceof Position.AtOffset at) {
            return at.offset();
        }
        if (position instanceof Position.AtTimestamp at && at.epochMillis() > TIMESTAMP_MILLIS) {
            return log(partition).size();
        }
        return position instanceof Position.End ? log(partition).size() : 0;
    }

    @Override
    public long trim(TopicPartition partition, long offset) {
        if (offset > log(partition).size()) {
            throw new OffsetOutOfRange(offset, 0, log(partition).size());
        }
        return offset;
    }

    MemoryOperations memoryOperations() {
        return operations;
    }

    void setAvailability(BrokerAvailability changed) {
        availability = changed;
    }

    @Override
    public BrokerDescription drainBroker(int brokerId) {
        return withAvailability(brokerId, new BrokerAvailability(true, false, Optional.empty()));
    }

    @Override
    public BrokerDescription undrainBroker(int brokerId) {
        return withAvailability(brokerId, BrokerAvailability.IN_SERVICE);
    }

    private BrokerDescription withAvailability(int brokerId, BrokerAvailability changed) {
        requireBroker(brokerId);
        availability = changed;
        return describeCluster().brokers().get(0);
    }

    /** From now on a broker that drains leads what it leads. */
    void keepLeading() {
        keepsLeading = true;
    }

    /** Each look at a broker that drains finds one partition fewer led there. */
    private int leaders() {
        if (availability.draining() && leaders > 0 && !keepsLeading) {
            leaders--;
        }
        return leaders;
    }

    private static void requireBroker(int brokerId) {
        if (brokerId != BROKER_ID) {
            throw new Refused(ErrorCode.UNKNOWN_BROKER, "broker " + brokerId + " is not registered with the cluster");
        }
    }

    @Override
    public OperationDescription decommissionBroker(int brokerId) {
        requireBroker(brokerId);
        return operations.begin(new OperationJob.Decommission(brokerId));
    }

    @Override
    public OperationDescription movePartition(TopicPartition partition, List<Integer> brokerIds) {
        log(partition);
        return operations.begin(new OperationJob.Move(partition, brokerIds));
    }

    @Override
    public List<RecoverableReplica> recoverableReplicas(TopicPartition partition, int survivorBrokerId) {
        log(partition);
        return List.of(
                new RecoverableReplica(survivorBrokerId, Optional.empty(), "", 0, 500, 512, 7, ""),
                new RecoverableReplica(
                        2, Optional.of(Instant.parse("2026-11-28T10:00:00Z")), "connection refused", 0, 0, 0, 0, ""),
                new RecoverableReplica(3, Optional.empty(), "", 0, 490, 520, 7, ""));
    }

    @Override
    public OperationDescription recoverPartition(TopicPartition partition, int survivorBrokerId, String acceptLoss) {
        log(partition);
        return operations.begin(new OperationJob.Recover(partition, survivorBrokerId, List.of(2, 3)));
    }

    @Override
    public OperationDescription changeReplicationFactor(String topic, int replicationFactor) {
        return operations.begin(
                new OperationJob.ChangeReplication(describeTopic(topic).name(), replicationFactor));
    }

    /** Every broker speaks levels 1 and 2. */
    @Override
    public int upgradeCluster(OptionalInt wanted) {
        int level = wanted.orElse(2);
        if (level > 2) {
            throw new Refused(ErrorCode.CONFLICT, "broker 1 (level 1 to 2) cannot speak it");
        }
        featureLevel = level;
        return level;
    }

    @Override
    public OperationDescription rebalance() {
        return operations.begin(new OperationJob.Rebalance());
    }

    @Override
    public List<OperationDescription> operations() {
        return operations.all();
    }

    @Override
    public OperationDescription operation(String id) {
        return operations.look(id);
    }

    @Override
    public OperationDescription cancelOperation(String id) {
        return operations.cancel(id);
    }

    @Override
    public Admin admin() {
        return this;
    }

    @Override
    public Producer producer(ProducerSettings settings) {
        return new MemoryProducer();
    }

    @Override
    public Consumer consumer(ConsumerSettings settings) {
        return new MemoryConsumer(this);
    }

    @Override
    public void close() {}

    private final class MemoryProducer implements Producer {
        @Override
        public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
            var partition =
                    new TopicPartition(record.topic(), record.partition().orElse(0));
            try {
                List<ConsumerRecord> log = log(partition);
                log.add(new ConsumerRecord(
                        partition, log.size(), TIMESTAMP_MILLIS, record.key(), record.value(), record.headers()));
                return CompletableFuture.completedFuture(
                        new RecordMetadata(partition, log.size() - 1, TIMESTAMP_MILLIS, 7, false));
            } catch (Refused refused) {
                return CompletableFuture.failedFuture(refused);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public void close(Duration timeout) {}
    }
}

package io.flotilla.client.scripted;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.NotLeader;
import io.flotilla.protocol.v1.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A few scripted brokers that share their partitions, as if replication were perfect. Threading: safe. */
public final class ScriptedCluster implements AutoCloseable {
    final Map<TopicPartition, ScriptedLog> logs = new ConcurrentHashMap<>();
    final Map<TopicPartition, Integer> leaders = new ConcurrentHashMap<>();
    final Map<TopicPartition, Integer> epochs = new ConcurrentHashMap<>();
    final Map<String, Integer> topics = new ConcurrentHashMap<>();
    final Map<String, Operation> operations = new ConcurrentHashMap<>();
    final AtomicLong producerIds = new AtomicLong(1000);
    final AtomicInteger createCalls = new AtomicInteger();

    /** As many times a topic is described next, the broker does not know it yet. */
    final AtomicInteger describesTooEarly = new AtomicInteger();

    public final Script script = new Script();
    private final List<ScriptedBroker> brokers = new ArrayList<>();

    private ScriptedCluster() {}

    public static ScriptedCluster start(int brokerCount) throws IOException {
        ScriptedCluster cluster = new ScriptedCluster();
        for (int id = 0; id < brokerCount; id++) {
            cluster.brokers.add(new ScriptedBroker(cluster, id));
        }
        for (ScriptedBroker broker : cluster.brokers) {
            broker.start();
        }
        return cluster;
    }

    /** Brokers learn of topics late: that many descriptions are refused with UNKNOWN_TOPIC. */
    public void describeTooEarly(int times) {
        describesTooEarly.set(times);
    }

    /** Partition p is led by broker p modulo the number of brokers. A topic that is there gets more partitions. */
    public ScriptedCluster withTopic(String name, int partitionCount) {
        for (int p = topics.getOrDefault(name, 0); p < partitionCount; p++) {
            TopicPartition partition = new TopicPartition(name, p);
            logs.put(partition, new ScriptedLog(partition));
            epochs.put(partition, 1);
            leaders.put(partition, p % brokers.size());
        }
        topics.put(name, partitionCount);
        return this;
    }

    /** Settings with short pauses, so that tests are quick. */
    public ClientSettings settings() {
        return ClientSettings.of(brokers.stream().map(ScriptedBroker::address).toList())
                .withRetryBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .withTopicGrace(Duration.ofMillis(100))
                .withAttemptTimeout(Duration.ofSeconds(2))
                .withLeaderCheckInterval(Duration.ofMillis(200));
    }

    /** Operations begun so far. */
    public int operationCount() {
        return operations.size();
    }

    public ScriptedBroker broker(int id) {
        return brokers.get(id);
    }

    List<ScriptedBroker> brokers() {
        return brokers;
    }

    /** Another broker leads from now on; the former one finds out with the next message. */
    public void moveLeader(TopicPartition partition, int brokerId) {
        epochs.merge(partition, 1, Integer::sum);
        leaders.put(partition, brokerId);
    }

    public List<LogRecord> records(TopicPartition partition) {
        return log(partition).records();
    }

    public void forgetProducers(TopicPartition partition) {
        log(partition).forgetProducers();
    }

    public void trim(TopicPartition partition, long logStartOffset) {
        log(partition).logStartOffset = logStartOffset;
    }

    ScriptedLog log(TopicPartition partition) {
        ScriptedLog log = logs.get(partition);
        if (log == null) {
            throw new IllegalArgumentException("no partition " + partition);
        }
        return log;
    }

    boolean leads(int brokerId, TopicPartition partition) {
        Integer leader = leaders.get(partition);
        return leader != null && leader == brokerId;
    }

    BrokerEndpoint endpoint(int brokerId) {
        BrokerAddress address = broker(brokerId).address();
        return BrokerEndpoint.newBuilder()
                .setBrokerId(brokerId)
                .setHost(address.host())
                .setPort(address.port())
                .build();
    }

    /** The status a broker would send, with its leader hint where it does not lead. */
    Status status(ErrorCode code, @Nullable TopicPartition partition, Map<String, String> metadata) {
        Status.Builder status = Status.newBuilder()
                .setCode(grpcCode(code))
                .setMessage("scripted " + code)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason("ERROR_REASON_" + code.name())
                        .setDomain("flotilla")
                        .putAllMetadata(metadata)
                        .build()));
        if (code == ErrorCode.NOT_LEADER && partition != null) {
            NotLeader.Builder hint = NotLeader.newBuilder()
                    .setPartition(wire(partition))
                    .setLeaderEpoch(epochs.getOrDefault(partition, 0));
            Integer leader = leaders.get(partition);
            if (leader != null) {
                hint.setLeader(endpoint(leader));
            }
            status.addDetails(Any.pack(hint.build()));
        }
        return status.build();
    }

    static io.flotilla.protocol.v1.TopicPartition wire(TopicPartition partition) {
        return io.flotilla.protocol.v1.TopicPartition.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .build();
    }

    static TopicPartition unwire(io.flotilla.protocol.v1.TopicPartition partition) {
        return new TopicPartition(partition.getTopic(), partition.getPartition());
    }

    private static int grpcCode(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER, LEADER_NOT_READY, NO_QUORUM, BROKER_NOT_AVAILABLE, STORAGE_FAILURE ->
                Code.UNAVAILABLE_VALUE;
            case TIMEOUT -> Code.DEADLINE_EXCEEDED_VALUE;
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> Code.NOT_FOUND_VALUE;
            case OFFSET_OUT_OF_RANGE -> Code.OUT_OF_RANGE_VALUE;
            case OVERLOADED -> Code.RESOURCE_EXHAUSTED_VALUE;
            case TOPIC_ALREADY_EXISTS -> Code.ALREADY_EXISTS_VALUE;
            default -> Code.INVALID_ARGUMENT_VALUE;
        };
    }

    /** Nobody leads from now on. */
    public void depose(TopicPartition partition) {
        leaders.remove(partition);
    }

    @Override
    public void close() {
        brokers.forEach(ScriptedBroker::stop);
    }
}

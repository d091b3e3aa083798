package io.flotilla.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Asks about the cluster and changes it. Each call blocks, is tried again at other brokers while its failure is
 * retriable, and fails with the last cause or with TIMEOUT after {@link ClientSettings#requestTimeout()}.
 *
 * <p>Threading: every method may be called by any thread.
 */
public interface Admin {
    /**
     * Creates a topic and returns it once the cluster has agreed on it; its partitions elect leaders right after.
     *
     * <p>When an attempt went unanswered and the next one finds a topic of that name and shape, the call takes it for
     * its own and succeeds. It cannot tell it from one that somebody else created at the same moment.
     *
     * @throws io.flotilla.protocol.error.LogException TOPIC_ALREADY_EXISTS, INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT,
     *     INVALID_REPLICATION_FACTOR or INVALID_CONFIG
     */
    TopicDescription createTopic(NewTopic topic);

    /**
     * Gives a topic more partitions and returns it with them; they elect leaders right after. Records that are there stay
     * where they are, but a key's partition follows from the count, so that its later records may go elsewhere. Producers
     * of this SDK use the new partitions once {@link ClientSettings#metadataMaxAge()} is over; consumers read what they
     * are assigned.
     *
     * @param newTotalCount partitions that the topic has afterwards, its present ones included; with as many as now
     *     nothing changes, so that the call may be repeated
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, or INVALID_PARTITION_COUNT for fewer than now, more
     *     than 10,000 or more than the brokers have room for
     */
    TopicDescription addPartitions(String topic, int newTotalCount);

    /**
     * Changes some of a topic's settings, leaves the others, and returns the topic with all of them. Brokers go by them
     * within moments.
     *
     * @param set   new values by name; {@code segment.bytes} cannot be changed
     * @param unset names of settings that go back to the answering broker's defaults; one that is not set is no error
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, INVALID_CONFIG, or INVALID_REQUEST for a setting that
     *     is in both or if there is none
     */
    TopicDescription alterTopicConfig(String topic, Map<String, String> set, Collection<String> unset);

    /**
     * Takes a topic away from its clients. Its records stay for the brokers' {@code topic.delete.grace.ms}, in which
     * {@link #undeleteTopic} brings it back. When an attempt went unanswered and the next one finds no such topic, the
     * call succeeds.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC
     */
    void deleteTopic(String name);

    /**
     * Deletes a topic and its records at once, without a way back. Otherwise as {@link #deleteTopic}.
     *
     * @param nameOrId the topic's name, or the id of a topic that was deleted before
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC
     */
    void deleteTopicNow(String nameOrId);

    /**
     * Brings a deleted topic back with its id, settings, partitions and records, and returns it.
     *
     * @param nameOrId its id, or its name if no other deleted topic had the same
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC if there is no such deleted topic (any more),
     *     TOPIC_ALREADY_EXISTS if another topic has its name now, INVALID_REQUEST if several had that name
     */
    TopicDescription undeleteTopic(String nameOrId);

    /** Topics that can be brought back: by name, of one name the one that was deleted last first. */
    List<DeletedTopic> listDeletedTopics();

    /** All topics, by name; without those that were deleted. */
    List<TopicSummary> listTopics();

    /**
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC
     */
    TopicDescription describeTopic(String name);

    /**
     * Topics with their partitions and leaders.
     *
     * @param names no name means all
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC if one of them is unknown
     */
    List<TopicDescription> describeTopics(Collection<String> names);

    ClusterDescription describeCluster();

    /** The broker that answers at this address, and the replicas it holds; no other is asked instead. */
    BrokerStatus describeBroker(BrokerAddress address);

    /**
     * The broker with this id, and the replicas it holds.
     *
     * @throws io.flotilla.protocol.error.LogException BROKER_NOT_AVAILABLE if the cluster has no such broker or it does
     *     not answer
     */
    BrokerStatus describeBroker(int brokerId);

    /**
     * Turns positions into offsets, asked of each partition's leader. Linearizable: {@link Position#end()} covers every
     * record acknowledged before the call. An offset ({@link Position#offset}) is answered as it is.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC or UNKNOWN_PARTITION
     */
    Map<TopicPartition, Long> listOffsets(Map<TopicPartition, Position> positions);

    /**
     * Drops a partition's records before an offset, on every replica and for good. Readers that come for them later
     * get OFFSET_OUT_OF_RANGE with the range that is left, or what their {@link OutOfRangePolicy} says.
     *
     * @param offset first record to keep, from 0 to the partition's end, which keeps none; at or before the first
     *     record it changes nothing
     * @return offset of the first record left, or the one the next record will get
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, UNKNOWN_PARTITION or OFFSET_OUT_OF_RANGE
     */
    long trim(TopicPartition partition, long offset);

    /**
     * Has leaderships taken away from a broker and no new replicas put there; those it has stay. For maintenance: wait
     * until its {@link BrokerDescription#leaderCount()} is 0.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_BROKER
     */
    BrokerDescription drainBroker(int brokerId);

    /**
     * Ends what {@link #drainBroker} began; leaderships come back by themselves.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_BROKER
     */
    BrokerDescription undrainBroker(int brokerId);

    /**
     * Begins to move all replicas away from a broker. Once that is done it is no member of the cluster any more, and its
     * process can be stopped.
     *
     * <p>This and the other calls that begin an operation return at once; {@link #operation} tells how it goes on. They
     * may be tried again inside without beginning a second one.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_BROKER; CONFLICT if it is being decommissioned
     *     already or it is a voter of the metadata; INVALID_REPLICATION_FACTOR if a topic could not have its
     *     replicas without it
     */
    OperationDescription decommissionBroker(int brokerId);

    /**
     * Begins to move a partition's replicas to other brokers. Records stay readable and writable meanwhile.
     *
     * @param brokerIds all brokers that shall have a replica, distinct, 1 to 15, the preferred leader first
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, UNKNOWN_PARTITION, UNKNOWN_BROKER,
     *     INVALID_REQUEST for brokers that are named twice, CONFLICT if the partition is moving already
     */
    OperationDescription movePartition(TopicPartition partition, List<Integer> brokerIds);

    /**
     * What is known of the replicas of a partition that has lost a majority of them for good, and may have to be recovered
     * by {@link #recoverPartition}. Changes nothing.
     *
     * @param survivorBrokerId whose replica the partition would go on from
     * @return the voting replicas, the survivor's first
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, UNKNOWN_PARTITION, or INVALID_REQUEST while a majority
     *     lives, and if the survivor's broker is not heard of or has no replica that votes
     */
    List<RecoverableReplica> recoverableReplicas(TopicPartition partition, int survivorBrokerId);

    /**
     * The last resort for a partition that has lost a majority of its replicas for good: begins to have it go on from one
     * replica. Every record that only the others had is lost for ever, though it was acknowledged; there is no way back.
     * The operation is done once the partition is led again. It then gets as many replicas as its topic's have, and brokers
     * that come back put the ones they had aside.
     *
     * @param survivorBrokerId whose replica it goes on from
     * @param acceptLoss       {@code TOPIC-PARTITION}: the name of this partition once more, to say that this is meant
     * @throws io.flotilla.protocol.error.LogException as {@link #recoverableReplicas}, and INVALID_REQUEST for another name
     *     and if the survivor's replica cannot be used
     */
    OperationDescription recoverPartition(TopicPartition partition, int survivorBrokerId, String acceptLoss);

    /**
     * Begins to give every partition of a topic more or fewer replicas.
     *
     * @param replicationFactor 1 to 15, and at most the number of brokers in service
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_TOPIC, INVALID_REPLICATION_FACTOR, or CONFLICT if it is being
     *     changed already
     */
    OperationDescription changeReplicationFactor(String topic, int replicationFactor);

    /**
     * Begins to spread replicas, and then preferred leaders, evenly over the brokers in service.
     *
     * @throws io.flotilla.protocol.error.LogException CONFLICT if the cluster is being rebalanced already
     */
    OperationDescription rebalance();

    /**
     * Has the cluster use what a newer feature level allows. There is no way back.
     *
     * @param featureLevel empty for the newest that every registered broker speaks
     * @return the level now in force
     * @throws io.flotilla.protocol.error.LogException CONFLICT while a registered broker does not speak the level;
     *     INVALID_REQUEST if it is lower than the cluster's
     */
    int upgradeCluster(OptionalInt featureLevel);

    /** Operations that run and the last 100 that have ended, the earliest begun first. */
    List<OperationDescription> operations();

    /**
     * One operation, with some of the partitions that it has yet to deal with.
     *
     * @param id 32 hexadecimal digits
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_OPERATION if there is none (any more)
     */
    OperationDescription operation(String id);

    /**
     * Ends an operation that runs: what has moved stays where it is, what is under way goes back. One that has ended is
     * returned as it is.
     *
     * @param id 32 hexadecimal digits
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_OPERATION if there is none (any more), CONFLICT if it
     *     changes the replication factor: that is changed again instead
     */
    OperationDescription cancelOperation(String id);

    /** Consumer groups. */
    GroupAdmin groups();
}

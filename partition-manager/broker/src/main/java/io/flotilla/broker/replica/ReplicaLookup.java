package io.flotilla.broker.replica;

import io.flotilla.manager.ClusterMetadata;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.Leadership;
import io.flotilla.raftlog.raft.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the replica a request is for.
 *
 * <p>Threading: every method may be called by any thread and returns at once.
 */
public final class ReplicaLookup {
    private final ClusterMetadata metadata;
    private final Function<PartitionId, Optional<Partition>> replicas;

    /**
     * @param replicas this broker's replicas by id
     */
    public ReplicaLookup(ClusterMetadata metadata, Function<PartitionId, Optional<Partition>> replicas) {
        this.metadata = metadata;
        this.replicas = replicas;
    }

    /**
     * Finds a replica that may serve: its broker leads the partition and has applied an entry of its own term.
     *
     * @throws Refused   UNKNOWN_TOPIC, UNKNOWN_PARTITION, LEADER_NOT_READY or STORAGE_FAILURE
     * @throws NotLeader naming the broker to ask, where it is known
     */
    public Partition leading(PartitionName name) {
        Topic topic = topic(name.topic());
        PartitionAssignment assignment = assignment(topic, name.partition());
        Partition replica =
                present(topic, assignment).orElseThrow(() -> notLeader(name, assignment, Leadership.UNKNOWN));
        refuseFailed(name, replica);
        Leadership leadership = replica.leadership();
        if (!leadership.isLeader()) {
            throw notLeader(name, assignment, leadership);
        }
        if (!leadership.ready()) {
            throw new Refused(
                    ErrorCode.LEADER_NOT_READY,
                    "this broker was just elected leader of " + name + " and is not ready yet; retry in a moment");
        }
        return replica;
    }

    /**
     * Finds this broker's replica, whether or not it leads.
     *
     * @throws Refused   UNKNOWN_TOPIC or UNKNOWN_PARTITION
     * @throws NotLeader if there is no replica here
     */
    public Partition replica(PartitionName name) {
        Topic topic = topic(name.topic());
        PartitionAssignment assignment = assignment(topic, name.partition());
        return present(topic, assignment).orElseThrow(() -> notLeader(name, assignment, Leadership.UNKNOWN));
    }

    /** A replica of another incarnation of the partition may have a leader, but none that counts. */
    private Optional<Partition> present(Topic topic, PartitionAssignment assignment) {
        return replicas.apply(topic.partitionId(assignment.partition()))
                .filter(replica -> replica.incarnation() == assignment.incarnation());
    }

    private static void refuseFailed(PartitionName name, Partition replica) {
        replica.failure().ifPresent(failure -> {
            throw new Refused(
                    ErrorCode.STORAGE_FAILURE,
                    "the replica of " + name + " on this broker has stopped: " + failure
                            + "; the broker's log has the cause",
                    Map.of("topic", name.topic(), "partition", Integer.toString(name.partition())));
        });
    }

    /** @throws Refused UNKNOWN_TOPIC */
    public Topic topic(String name) {
        return metadata.image()
                .topic(name)
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNKNOWN_TOPIC,
                        "there is no topic '" + name + "'; create it, or check its name",
                        Map.of("topic", name)));
    }

    private static PartitionAssignment assignment(Topic topic, int partition) {
        return topic.partition(partition).orElseThrow(() -> {
            int count = topic.partitions().size();
            return new Refused(
                    ErrorCode.UNKNOWN_PARTITION,
                    "topic '" + topic.name() + "' has no partition " + partition + ": it has 0 to " + (count - 1),
                    Map.of(
                            "topic", topic.name(),
                            "partition", Integer.toString(partition),
                            "partition_count", Integer.toString(count)));
        });
    }

    /** Names the leader of the higher epoch: the replica's own knowledge, or what was reported to the metadata. */
    private NotLeader notLeader(PartitionName name, PartitionAssignment assignment, Leadership leadership) {
        boolean replicaKnowsMore = leadership.term() >= assignment.leaderEpoch()
                && leadership.leader().isPresent();
        int epoch = Math.toIntExact(Math.max(leadership.term(), assignment.leaderEpoch()));
        Optional<Integer> leader = replicaKnowsMore ? leadership.leader().map(PeerId::nodeId) : assignment.leader();
        return new NotLeader(
                "this broker does not lead " + name
                        + leader.map(id -> "; broker " + id + " does, as far as is known")
                                .orElse("; nobody is known to lead it at the moment"),
                epoch,
                leader);
    }
}

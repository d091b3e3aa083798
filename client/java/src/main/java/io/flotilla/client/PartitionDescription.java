package io.flotilla.client;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A partition, as far as the answering broker knows.
 *
 * @param leaderBrokerId empty while nobody leads
 * @param leaderEpoch    grows with each election
 * @param logStartOffset present where the answering broker has a replica
 * @param highWatermark  present where the answering broker has a replica
 * @param targetBrokerIds where the replicas shall be, the preferred leader first; empty while the partition does not move
 * @param voterBrokerIds  whose replicas vote while it moves; empty while it does not
 */
public record PartitionDescription(
        TopicPartition partition,
        List<Integer> replicaBrokerIds,
        OptionalInt leaderBrokerId,
        int leaderEpoch,
        OptionalLong logStartOffset,
        OptionalLong highWatermark,
        List<Integer> targetBrokerIds,
        List<Integer> voterBrokerIds) {
    public PartitionDescription {
        replicaBrokerIds = List.copyOf(replicaBrokerIds);
        targetBrokerIds = List.copyOf(targetBrokerIds);
        voterBrokerIds = List.copyOf(voterBrokerIds);
    }

    /** A partition that does not move. */
    public PartitionDescription(
            TopicPartition partition,
            List<Integer> replicaBrokerIds,
            OptionalInt leaderBrokerId,
            int leaderEpoch,
            OptionalLong logStartOffset,
            OptionalLong highWatermark) {
        this(
                partition,
                replicaBrokerIds,
                leaderBrokerId,
                leaderEpoch,
                logStartOffset,
                highWatermark,
                List.of(),
                List.of());
    }

    public boolean isMoving() {
        return !targetBrokerIds.isEmpty();
    }
}

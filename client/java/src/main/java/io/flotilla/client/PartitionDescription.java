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
 */
public record PartitionDescription(
        TopicPartition partition,
        List<Integer> replicaBrokerIds,
        OptionalInt leaderBrokerId,
        int leaderEpoch,
        OptionalLong logStartOffset,
        OptionalLong highWatermark) {
    public PartitionDescription {
        replicaBrokerIds = List.copyOf(replicaBrokerIds);
    }
}

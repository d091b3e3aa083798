package io.flotilla.client.group;

import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.AssignedPartition;
import io.flotilla.protocol.v1.GroupAssignment;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a member is to read.
 *
 * @param version        to be acknowledged
 * @param memberEpoch    what commits have to name
 * @param partitions     all that it may read
 * @param revoked        what it is to commit and give up; others wait for it
 * @param revokeByNanos  until when, on {@link System#nanoTime()}
 */
record Assignment(
        int version,
        int memberEpoch,
        Map<TopicPartition, Tenure> partitions,
        Set<TopicPartition> revoked,
        long revokeByNanos) {
    /** Nothing at all, as before the first. */
    static final Assignment NONE = new Assignment(0, 0, Map.of(), Set.of(), 0);

    /**
     * A time in which a member holds a partition without interruption. If it begins anew, the partition was another's
     * meanwhile.
     *
     * @param topicId    32 hexadecimal digits
     * @param sinceEpoch in which it began
     */
    record Tenure(String topicId, int sinceEpoch) {}

    static Assignment of(GroupAssignment told, long nowNanos) {
        Map<TopicPartition, Tenure> partitions = new HashMap<>();
        for (AssignedPartition one : told.getPartitionsList()) {
            partitions.put(
                    WirePartition.fromProto(one.getPartition()), new Tenure(one.getTopicId(), one.getSinceEpoch()));
        }
        Set<TopicPartition> revoked = new HashSet<>();
        for (AssignedPartition one : told.getRevokedList()) {
            revoked.add(WirePartition.fromProto(one.getPartition()));
        }
        long within = Duration.ofSeconds(
                        told.getRevokeWithin().getSeconds(),
                        told.getRevokeWithin().getNanos())
                .toNanos();
        return new Assignment(
                told.getVersion(),
                told.getMemberEpoch(),
                Map.copyOf(partitions),
                Set.copyOf(revoked),
                nowNanos + within);
    }

    /** Those of {@code held} that this assignment takes away, also where it gives them back as something new. */
    Set<TopicPartition> takenFrom(Map<TopicPartition, Tenure> held) {
        Set<TopicPartition> taken = new HashSet<>();
        held.forEach((partition, tenure) -> {
            if (!tenure.equals(partitions.get(partition))) {
                taken.add(partition);
            }
        });
        return taken;
    }

    /** Those that this assignment gives beyond {@code held}. */
    List<TopicPartition> givenBeyond(Map<TopicPartition, Tenure> held) {
        return partitions.keySet().stream()
                .filter(partition -> !held.containsKey(partition))
                .sorted()
                .toList();
    }
}

package io.flotilla.metadata;

import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.partition.PartitionSettings;
import io.flotilla.raftlog.partition.rules.RetentionSettings;
import io.flotilla.raftlog.raft.GroupId;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A topic.
 *
 * @param id         differs between two topics of one name that live one after the other
 * @param config     what was set, by name and in the order of names; the rest has its default, see
 *     {@link TopicConfig}
 * @param partitions partition n at index n
 */
public record Topic(
        UUID id, String name, int replicationFactor, Map<String, String> config, List<PartitionAssignment> partitions) {
    public Topic {
        config = Collections.unmodifiableMap(new TreeMap<>(config));
        partitions = List.copyOf(partitions);
        for (int index = 0; index < partitions.size(); index++) {
            if (partitions.get(index).partition() != index) {
                throw new IllegalArgumentException("topic " + name + " has partition "
                        + partitions.get(index).partition() + " where " + index + " belongs");
            }
        }
    }

    /** The id as people see it: 32 hexadecimal digits. */
    public String idText() {
        return idText(id);
    }

    /** An id as people see it: 32 hexadecimal digits, lower case. */
    public static String idText(UUID id) {
        HexFormat digits = HexFormat.of();
        return digits.toHexDigits(id.getMostSignificantBits()) + digits.toHexDigits(id.getLeastSignificantBits());
    }

    public RetentionSettings retention() {
        return TopicConfig.retentionOf(config);
    }

    public PartitionSettings settings() {
        return TopicConfig.settingsOf(config);
    }

    /**
     * @param partition 0 or more; need not exist
     */
    public PartitionId partitionId(int partition) {
        return new PartitionId(id, partition);
    }

    /** The Raft group of a partition's present incarnation. */
    public GroupId groupId(PartitionAssignment assignment) {
        return partitionId(assignment.partition()).groupId(assignment.incarnation());
    }

    public Optional<PartitionAssignment> partition(int partition) {
        return partition >= 0 && partition < partitions.size()
                ? Optional.of(partitions.get(partition))
                : Optional.empty();
    }

    public Topic withPartitions(List<PartitionAssignment> changed) {
        return new Topic(id, name, replicationFactor, config, changed);
    }

    public Topic withReplicationFactor(int changed) {
        return new Topic(id, name, changed, config, partitions);
    }

    public Topic withConfig(Map<String, String> changed) {
        return new Topic(id, name, replicationFactor, changed, partitions);
    }
}

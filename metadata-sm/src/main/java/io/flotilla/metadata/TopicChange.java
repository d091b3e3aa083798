package io.flotilla.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What leads from a topic, or from none, to a later state of it.
 *
 * @param header         the later state without its partitions
 * @param partitionCount how many it has
 * @param partitions     those that are new or changed, in the order of their numbers; the others are as they were
 */
public record TopicChange(Topic header, int partitionCount, List<PartitionAssignment> partitions) {
    public TopicChange {
        partitions = List.copyOf(partitions);
        if (!header.partitions().isEmpty()) {
            throw new IllegalArgumentException("the header of topic " + header.name() + " has "
                    + header.partitions().size() + " partitions of its own");
        }
    }

    /** @param before a topic of the same id; empty if there is none */
    static TopicChange between(Optional<Topic> before, Topic after) {
        List<PartitionAssignment> known = before.map(Topic::partitions).orElse(List.of());
        List<PartitionAssignment> changed = new ArrayList<>();
        for (PartitionAssignment partition : after.partitions()) {
            int number = partition.partition();
            // Most are one object with the one before, which is told at a glance.
            if (number >= known.size() || !Objects.equals(known.get(number), partition)) {
                changed.add(partition);
            }
        }
        return new TopicChange(
                after.withPartitions(List.of()), after.partitions().size(), changed);
    }

    /**
     * @param before as for {@link #between}
     * @throws IllegalArgumentException if a partition is neither in {@code before} nor here
     */
    Topic applyTo(Optional<Topic> before) {
        List<PartitionAssignment> known = before.map(Topic::partitions).orElse(List.of());
        List<PartitionAssignment> all = new ArrayList<>(known.subList(0, Math.min(known.size(), partitionCount)));
        for (PartitionAssignment partition : partitions) {
            int number = partition.partition();
            if (number < all.size()) {
                all.set(number, partition);
            } else if (number == all.size()) {
                all.add(partition);
            } else {
                throw new IllegalArgumentException(
                        "topic " + header.name() + " lacks partition " + all.size() + " before " + number);
            }
        }
        if (all.size() != partitionCount) {
            throw new IllegalArgumentException(
                    "topic " + header.name() + " has " + all.size() + " partitions instead of " + partitionCount);
        }
        return header.withPartitions(all);
    }
}

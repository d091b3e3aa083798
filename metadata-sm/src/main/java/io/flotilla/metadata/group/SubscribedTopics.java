package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The topics that there are, as far as members ask for them.
 *
 * @param byName in the order of their names, in which assignors look at them
 */
public record SubscribedTopics(SortedMap<String, Partitions> byName) {
    /** @param count partitions, numbered from 0 */
    public record Partitions(UUID topicId, int count) {
        PartitionId at(int partition) {
            return new PartitionId(topicId, partition);
        }
    }

    public SubscribedTopics {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    public static SubscribedTopics of(Map<String, Partitions> byName) {
        return new SubscribedTopics(new TreeMap<>(byName));
    }

    /** All partitions of those of the names that exist, in the order of names and numbers. */
    List<PartitionId> partitionsOf(Collection<String> names) {
        List<PartitionId> partitions = new ArrayList<>();
        byName.forEach((name, topic) -> {
            if (names.contains(name)) {
                for (int partition = 0; partition < topic.count(); partition++) {
                    partitions.add(topic.at(partition));
                }
            }
        });
        return partitions;
    }
}

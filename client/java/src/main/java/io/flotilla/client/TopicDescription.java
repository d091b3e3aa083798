package io.flotilla.client;

import java.util.List;
import java.util.Map;

/**
 * A topic and its partitions.
 *
 * @param topicId    32 hexadecimal digits
 * @param partitions by number, from 0
 */
public record TopicDescription(
        String name,
        String topicId,
        int replicationFactor,
        Map<String, String> config,
        List<PartitionDescription> partitions) {
    public TopicDescription {
        config = Map.copyOf(config);
        partitions = List.copyOf(partitions);
    }

    public int partitionCount() {
        return partitions.size();
    }
}

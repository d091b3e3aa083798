package io.flotilla.chaos.run;

import io.flotilla.chaos.history.Place;
import io.flotilla.client.TopicDescription;
import io.flotilla.metadata.MetadataReplica;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.GroupId;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names partitions by the last twelve digits of their Raft groups' ids, as brokers' logs do.
 *
 * <p>Threading: safe.
 */
final class Groups {
    /** The group of the cluster's metadata, as histories call it. */
    static final Place METADATA = new Place("metadata", 0);

    private static final int DIGITS = 12;

    private final Map<String, Place> places = new ConcurrentHashMap<>();

    void addMetadata(String clusterId) {
        places.put(digits(MetadataReplica.groupIdOf(clusterId)), METADATA);
    }

    void add(TopicDescription topic) {
        UUID id = UUID.fromString(ReplicaFiles.dashed(topic.topicId()));
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            places.put(digits(new PartitionId(id, partition).groupId()), new Place(topic.name(), partition));
        }
    }

    /** The partition; of a group that nobody named, one that has the digits for its topic. */
    Place of(String digits) {
        return places.getOrDefault(digits.toUpperCase(Locale.ROOT), new Place(digits.toLowerCase(Locale.ROOT), 0));
    }

    private static String digits(GroupId id) {
        String text = id.value().toString();
        return text.substring(text.length() - DIGITS).toUpperCase(Locale.ROOT);
    }
}

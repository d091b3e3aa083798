package io.flotilla.manager;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Tells the replicas that are here what has changed in their topics: the largest batch that they accept, and that a topic
 * was deleted, so that whoever waits at a replica learns that nobody serves it any more.
 *
 * <p>Threading: none; the owner makes one call at a time.
 */
final class TopicNews {
    private final ReplicaSet replicas;
    private final Set<PartitionId> deleted = new HashSet<>();

    TopicNews(ReplicaSet replicas) {
        this.replicas = replicas;
    }

    /** What is no news does no harm. */
    void tell(MetadataImage image, Set<PartitionId> present) {
        Map<UUID, Integer> batchBytesMax = new HashMap<>();
        deleted.retainAll(present);
        for (PartitionId id : present) {
            Optional<Topic> topic = image.topic(id.topicId());
            if (topic.isPresent()) {
                replicas.limitBatches(id, batchBytesMax.computeIfAbsent(id.topicId(), unused -> topic.get()
                        .settings()
                        .batchBytesMax()));
                deleted.remove(id);
            } else if (deleted.add(id)) {
                replicas.wake(id);
            }
        }
    }
}

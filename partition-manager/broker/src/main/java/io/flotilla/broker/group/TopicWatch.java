package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tells images apart that differ in what groups can read: in topics, not in who leads them.
 *
 * <p>Threading: none, its owner holds a lock.
 */
final class TopicWatch {
    private static final long NONE_SEEN = -1;

    private long version = NONE_SEEN;
    private Map<UUID, Integer> partitions = Map.of();
    private Set<UUID> deleted = Set.of();

    /** Whether topics came, went or grew since the last call that was not forgotten; true at first. */
    boolean changed(MetadataImage image) {
        if (image.version() == version) {
            return false;
        }
        boolean first = version == NONE_SEEN;
        version = image.version();
        Map<UUID, Integer> counts = new HashMap<>();
        image.topics()
                .values()
                .forEach(topic -> counts.put(topic.id(), topic.partitions().size()));
        Set<UUID> gone = new HashSet<>(image.deletedTopics().keySet());
        boolean same = !first && counts.equals(partitions) && gone.equals(deleted);
        partitions = counts;
        deleted = gone;
        return !same;
    }

    /** The next call says that there is a change. */
    void forget() {
        version = NONE_SEEN;
    }
}

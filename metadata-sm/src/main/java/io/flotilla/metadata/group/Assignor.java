package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Shares the partitions of topics among the members that subscribe to them. Pure and deterministic: the same arguments
 * give the same result, in whatever order members joined.
 */
public interface Assignor {
    /** What a user calls it. */
    String name();

    /**
     * Gives every partition to which anybody subscribes to exactly one subscriber.
     *
     * @param subscriptions names of topics by member; names of topics that do not exist are ignored
     * @param before        the target so far; members that are gone and partitions that are gone are ignored
     * @return for each member, whether it gets any or not
     */
    SortedMap<String, Set<PartitionId>> assign(
            SortedMap<String, SortedSet<String>> subscriptions,
            SubscribedTopics topics,
            Map<String, Set<PartitionId>> before);
}

package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Cuts each topic into ranges, one for each subscriber in the order of their ids, the first ones longer by one where it
 * does not come out even. Topics with as many partitions and the same subscribers are cut alike, so that partitions of
 * the same number, in which the same keys are, go to the same member.
 */
public final class RangeAssignor implements Assignor {
    @Override
    public String name() {
        return "range";
    }

    @Override
    public SortedMap<String, Set<PartitionId>> assign(
            SortedMap<String, SortedSet<String>> subscriptions,
            SubscribedTopics topics,
            Map<String, Set<PartitionId>> before) {
        SortedMap<String, Set<PartitionId>> shares = new TreeMap<>();
        subscriptions.keySet().forEach(member -> shares.put(member, new LinkedHashSet<>()));
        topics.byName().forEach((name, topic) -> {
            List<Set<PartitionId>> subscribers = new ArrayList<>();
            subscriptions.forEach((member, names) -> {
                if (names.contains(name)) {
                    subscribers.add(shares.get(member));
                }
            });
            int partition = 0;
            for (int i = 0; i < subscribers.size(); i++) {
                int share = topic.count() / subscribers.size() + (i < topic.count() % subscribers.size() ? 1 : 0);
                for (int end = partition + share; partition < end; partition++) {
                    subscribers.get(i).add(topic.at(partition));
                }
            }
        });
        return shares;
    }
}

package io.flotilla.groups;

import io.flotilla.client.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened to the members of a group, as they noted it.
 *
 * <p>Threading: safe.
 */
final class GroupHistory {
    private final List<GroupEvent> events = new ArrayList<>();
    private final Map<TopicPartition, Long> processedTo = new HashMap<>();

    synchronized void note(GroupEvent event) {
        events.add(event);
        if (event instanceof GroupEvent.Processed processed) {
            processedTo.merge(processed.partition(), processed.to(), Math::max);
        }
    }

    /** Behind the last record of the partition that was processed; 0 if none was. */
    synchronized long processedTo(TopicPartition partition) {
        return processedTo.getOrDefault(partition, 0L);
    }

    /** In the order of time. */
    synchronized List<GroupEvent> events() {
        return events.stream()
                .sorted(Comparator.comparingLong(GroupEvent::atNanos))
                .toList();
    }
}

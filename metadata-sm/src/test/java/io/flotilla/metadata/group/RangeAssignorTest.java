package io.flotilla.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RangeAssignorTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final SubscribedTopics TOPICS = SubscribedTopics.of(
            Map.of("a", new SubscribedTopics.Partitions(A, 5), "b", new SubscribedTopics.Partitions(B, 5)));

    @Test
    void shouldGiveTheSameNumbersOfAllTopicsToTheSameMember() {
        SortedMap<String, SortedSet<String>> subscriptions = new TreeMap<>();
        subscriptions.put("m", new TreeSet<>(Set.of("a", "b")));
        subscriptions.put("n", new TreeSet<>(Set.of("a", "b")));

        var shares = new RangeAssignor().assign(subscriptions, TOPICS, Map.of());

        assertThat(shares.get("m"))
                .containsExactly(
                        new PartitionId(A, 0),
                        new PartitionId(A, 1),
                        new PartitionId(A, 2),
                        new PartitionId(B, 0),
                        new PartitionId(B, 1),
                        new PartitionId(B, 2));
        assertThat(shares.get("n")).hasSize(4).doesNotContainAnyElementsOf(shares.get("m"));
    }

    @Test
    void shouldCutATopicAmongItsSubscribersOnly() {
        SortedMap<String, SortedSet<String>> subscriptions = new TreeMap<>();
        subscriptions.put("m", new TreeSet<>(Set.of("a")));
        subscriptions.put("n", new TreeSet<>(Set.of("a", "b")));

        var shares = new RangeAssignor().assign(subscriptions, TOPICS, Map.of());

        assertThat(shares.get("m")).hasSize(3);
        assertThat(shares.get("n")).hasSize(7);
    }
}

package io.flotilla.cluster;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaRole;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who leads what, by the leaders' own account: each running broker is asked for its replicas, so that the answer does
 * not depend on what the others have heard. Brokers that are paused or do not answer are left out.
 */
public final class Leaders {
    private final ProcessCluster cluster;

    Leaders(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /** The broker that leads a partition; empty while none does. */
    public OptionalInt of(String topic, int partition) {
        Integer leader = of(topic).get(partition);
        return leader == null ? OptionalInt.empty() : OptionalInt.of(leader);
    }

    /** Leaders by partition; where two claim one, the one of the higher epoch. Partitions without a leader are left out. */
    public SortedMap<Integer, Integer> of(String topic) {
        SortedMap<Integer, Integer> leaders = new TreeMap<>();
        Map<Integer, Integer> epochs = new HashMap<>();
        for (int id : cluster.respondingIds()) {
            for (ReplicaDescription replica : replicasOn(id)) {
                int partition = replica.partition().partition();
                if (replica.partition().topic().equals(topic)
                        && replica.role() == ReplicaRole.LEADER
                        && replica.leaderEpoch() > epochs.getOrDefault(partition, -1)) {
                    epochs.put(partition, replica.leaderEpoch());
                    leaders.put(partition, id);
                }
            }
        }
        return leaders;
    }

    /**
     * Waits until every partition of a topic has a leader, and returns them by partition.
     *
     * @throws IllegalStateException if one has none in time
     */
    public SortedMap<Integer, Integer> await(String topic, int partitionCount, Duration timeout) {
        SortedMap<Integer, Integer> found = new TreeMap<>();
        Awaiting.until(
                timeout,
                "leaders of all " + partitionCount + " partitions of " + topic,
                () -> {
                    found.clear();
                    found.putAll(of(topic));
                    return found.size() == partitionCount;
                },
                () -> "leaders by partition are " + found);
        return found;
    }

    /** How many partitions of a topic each broker leads, those that lead none included. */
    public SortedMap<Integer, Integer> counts(String topic) {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        cluster.brokerIds().forEach(id -> counts.put(id, 0));
        of(topic).values().forEach(leader -> counts.merge(leader, 1, Integer::sum));
        return counts;
    }

    /**
     * The broker that leads most partitions of a topic; of equals, the one with the lowest id.
     *
     * @throws IllegalStateException if no partition has a leader
     */
    public int busiest(String topic) {
        return busiest(of(topic));
    }

    /**
     * The same of leaders by partition.
     *
     * @throws IllegalStateException if there are none
     */
    public static int busiest(Map<Integer, Integer> leaders) {
        return leaders.values().stream()
                .collect(Collectors.groupingBy(leader -> leader, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<Integer, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("no partition has a leader"));
    }

    private List<ReplicaDescription> replicasOn(int id) {
        try {
            return cluster.client()
                    .admin()
                    .describeBroker(BrokerAddress.parse(cluster.address(id)))
                    .replicas();
        } catch (LogException notServing) {
            return List.of();
        }
    }
}

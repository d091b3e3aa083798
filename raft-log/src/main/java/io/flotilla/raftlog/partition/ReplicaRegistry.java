package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.GroupId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * This broker's replicas: one of each partition, which belongs to the Raft group of one of the partition's incarnations.
 *
 * <p>Threading: safe for all threads; whoever changes it holds the lock of the replicas' owner.
 */
final class ReplicaRegistry {
    private final Map<PartitionId, PartitionReplica> byPartition = new ConcurrentHashMap<>();
    private final Map<GroupId, PartitionReplica> byGroup = new ConcurrentHashMap<>();

    @Nullable
    PartitionReplica get(PartitionId id) {
        return byPartition.get(id);
    }

    @Nullable
    PartitionReplica ofGroup(GroupId group) {
        return byGroup.get(group);
    }

    /** Takes the place of one of the same partition. */
    void put(PartitionReplica replica) {
        PartitionReplica former = byPartition.put(replica.id(), replica);
        if (former != null) {
            byGroup.remove(former.groupId());
        }
        byGroup.put(replica.groupId(), replica);
    }

    void remove(PartitionId id) {
        PartitionReplica removed = byPartition.remove(id);
        if (removed != null) {
            byGroup.remove(removed.groupId());
        }
    }

    Collection<PartitionReplica> all() {
        return byPartition.values();
    }

    /** Under which the replicas' parts of the index are kept, whatever incarnation they are of. */
    Set<GroupId> indexKeys() {
        return byPartition.keySet().stream().map(PartitionId::groupId).collect(Collectors.toSet());
    }
}

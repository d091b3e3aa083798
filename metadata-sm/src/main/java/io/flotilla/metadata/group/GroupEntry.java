package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is kept of a consumer group.
 *
 * @param group            its members and their partitions
 * @param offsets          what it has committed
 * @param emptySinceMillis since when it has had no members, milliseconds since the epoch by the proposer's clock; 0 while
 *     it has some
 */
public record GroupEntry(ConsumerGroup group, SortedMap<PartitionId, CommittedOffset> offsets, long emptySinceMillis) {
    public GroupEntry {
        SortedMap<PartitionId, CommittedOffset> ordered = new TreeMap<>(GroupMember.ORDER);
        ordered.putAll(offsets);
        offsets = Collections.unmodifiableSortedMap(ordered);
    }

    /** One that has begun without members. */
    public static GroupEntry empty(String name, long atMillis) {
        return new GroupEntry(ConsumerGroup.empty(name), Collections.emptySortedMap(), atMillis);
    }

    public String name() {
        return group.name();
    }

    public boolean hasMembers() {
        return !group.members().isEmpty();
    }

    /** The last time anybody was in the group or committed for it, as far as that can be told of one without members. */
    public long idleSinceMillis() {
        return offsets.values().stream().mapToLong(CommittedOffset::atMillis).reduce(emptySinceMillis, Math::max);
    }

    /** With its members as they are now. */
    public GroupEntry with(ConsumerGroup changed, long atMillis) {
        long since = !changed.members().isEmpty() ? 0 : hasMembers() ? atMillis : emptySinceMillis;
        return new GroupEntry(changed, offsets, since);
    }

    /** With these offsets in place of others of their partitions. */
    public GroupEntry withOffsets(Map<PartitionId, CommittedOffset> committed) {
        SortedMap<PartitionId, CommittedOffset> changed = new TreeMap<>(offsets);
        changed.putAll(committed);
        return new GroupEntry(group, changed, emptySinceMillis);
    }

    public GroupEntry withoutOffsets(Set<PartitionId> partitions) {
        SortedMap<PartitionId, CommittedOffset> left = new TreeMap<>(offsets);
        left.keySet().removeAll(partitions);
        return new GroupEntry(group, left, emptySinceMillis);
    }

    /** About what it takes in memory and in a snapshot, in bytes. */
    public long bytes() {
        long bytes = GroupLimits.GROUP_BYTES;
        for (CommittedOffset offset : offsets.values()) {
            bytes += GroupLimits.OFFSET_BYTES + offset.metadata().length();
        }
        for (GroupMember member : group.members().values()) {
            bytes += GroupLimits.MEMBER_BYTES;
            for (String topic : member.topics()) {
                bytes += topic.length();
            }
            bytes += (long) (member.owned().size() + member.revoking().size()) * GroupLimits.PARTITION_BYTES;
        }
        return bytes;
    }
}

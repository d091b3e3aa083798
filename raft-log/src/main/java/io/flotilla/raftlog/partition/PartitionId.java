package io.flotilla.raftlog.partition;

import io.flotilla.raftlog.raft.GroupId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Names a partition for as long as its topic lives; a topic created again under the same name has another id.
 *
 * @param partition 0 or more
 */
public record PartitionId(UUID topicId, int partition) {
    public PartitionId {
        if (partition < 0) {
            throw new IllegalArgumentException("partition " + partition + " is negative");
        }
    }

    /** The Raft group with which the partition begins: the same on every broker without asking anybody. */
    public GroupId groupId() {
        return groupId(0);
    }

    /**
     * The Raft group of one of the partition's incarnations. Members of another one are strangers to it.
     *
     * @param incarnation 0 or more: how often the partition was recovered from a single replica
     */
    public GroupId groupId(int incarnation) {
        ByteBuffer name = ByteBuffer.allocate(incarnation == 0 ? 20 : 24);
        name.putLong(topicId.getMostSignificantBits());
        name.putLong(topicId.getLeastSignificantBits());
        name.putInt(partition);
        if (incarnation != 0) {
            name.putInt(incarnation);
        }
        return new GroupId(UUID.nameUUIDFromBytes(name.array()));
    }

    /** {@code <topic id>-<partition>}, the name of the replica's folder. */
    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}

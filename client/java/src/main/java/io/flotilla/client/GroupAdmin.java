package io.flotilla.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Looks at consumer groups and changes those that have no members.
 *
 * <p>Failures are {@code LogException}s: UNKNOWN_GROUP, GROUP_NOT_EMPTY where a change would go against members, TIMEOUT if
 * no answer came within the request timeout.
 *
 * <p>Threading: safe; calls block.
 */
public interface GroupAdmin {
    /** All groups, by name. */
    List<GroupSummary> list();

    /**
     * Its members, what they read, and how far it is behind, as far as the leaders of its partitions answer within 2 seconds.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_GROUP
     */
    GroupDescription describe(String group);

    /** All committed offsets of a group; a group that does not exist has none. */
    Map<TopicPartition, CommittedOffset> committed(String group);

    /**
     * Commits these offsets for a group without members, all or none, and makes it if there is none. Whether a partition has
     * such an offset is not looked at; {@link Admin#listOffsets} finds the offsets of positions.
     *
     * @throws io.flotilla.protocol.error.LogException GROUP_NOT_EMPTY, UNKNOWN_TOPIC, UNKNOWN_PARTITION
     */
    void reset(String group, Map<TopicPartition, Long> offsets);

    /**
     * Forgets a group without members and its offsets.
     *
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_GROUP, GROUP_NOT_EMPTY
     */
    void delete(String group);

    /**
     * Forgets offsets of topics to which no member subscribes.
     *
     * @return how many there were
     * @throws io.flotilla.protocol.error.LogException UNKNOWN_GROUP, GROUP_NOT_EMPTY
     */
    int forget(String group, Collection<TopicPartition> partitions);
}

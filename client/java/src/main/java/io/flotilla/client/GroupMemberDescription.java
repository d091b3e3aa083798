package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A member of a consumer group.
 *
 * @param instanceId  of a static member
 * @param clientId    as it calls itself; may be empty
 * @param host        address from which it joined
 * @param memberEpoch up to which it has caught up with its group
 * @param topics      that it wants to read
 * @param partitions  that it reads
 * @param revoked     that it was told to give up and has not yet; others wait for them
 * @param awaited     that it is to get and others have yet to give up
 * @param away        whether it is a static member that has left and keeps its place
 * @param silentFor   time since its last sign of life; empty if the coordinator has heard none since it became that
 */
public record GroupMemberDescription(
        String memberId,
        Optional<String> instanceId,
        String clientId,
        String host,
        int memberEpoch,
        List<String> topics,
        List<TopicPartition> partitions,
        List<TopicPartition> revoked,
        List<TopicPartition> awaited,
        boolean away,
        Optional<Duration> silentFor) {
    public GroupMemberDescription {
        topics = List.copyOf(topics);
        partitions = List.copyOf(partitions);
        revoked = List.copyOf(revoked);
        awaited = List.copyOf(awaited);
    }
}

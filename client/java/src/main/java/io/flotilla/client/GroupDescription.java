package io.flotilla.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A consumer group with its members.
 *
 * @param epoch         grows with each new distribution of its partitions
 * @param members       by id
 * @param rebalances    what changed the distribution, the newest last; the last ten
 * @param missingTopics to which members subscribe and that do not exist
 * @param partitions    those with a committed offset and those that members may read, by topic and number
 * @param emptySince    since when it has had no members; empty while it has some
 * @param expiresAt     when its offsets go if nobody joins or commits; empty while it has members, or if they are kept for ever
 */
public record GroupDescription(
        String group,
        GroupState state,
        int epoch,
        GroupAssignor assignor,
        List<GroupMemberDescription> members,
        List<GroupRebalance> rebalances,
        List<String> missingTopics,
        List<GroupPartition> partitions,
        Optional<Instant> emptySince,
        Optional<Instant> expiresAt) {
    public GroupDescription {
        members = List.copyOf(members);
        rebalances = List.copyOf(rebalances);
        missingTopics = List.copyOf(missingTopics);
        partitions = List.copyOf(partitions);
    }
}

package io.flotilla.client.group;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.flotilla.client.GroupAssignor;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartition;
import io.flotilla.client.GroupRebalance;
import io.flotilla.client.GroupState;
import io.flotilla.client.GroupSummary;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.AssignedPartition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Groups, from the wire to the API. */
final class WireGroups {
    private WireGroups() {}

    static GroupSummary summary(io.flotilla.protocol.v1.GroupSummary wire) {
        return new GroupSummary(wire.getGroup(), state(wire.getState()), wire.getMemberCount(), wire.getOffsetCount());
    }

    static GroupDescription description(io.flotilla.protocol.v1.GroupDescription wire) {
        return new GroupDescription(
                wire.getGroup(),
                state(wire.getState()),
                wire.getEpoch(),
                wire.getAssignor() == io.flotilla.protocol.v1.GroupAssignor.GROUP_ASSIGNOR_RANGE
                        ? GroupAssignor.RANGE
                        : GroupAssignor.UNIFORM,
                wire.getMembersList().stream().map(WireGroups::member).toList(),
                wire.getRebalancesList().stream().map(WireGroups::rebalance).toList(),
                wire.getMissingTopicsList(),
                wire.getPartitionsList().stream().map(WireGroups::partition).toList(),
                wire.hasEmptySince() ? Optional.of(instant(wire.getEmptySince())) : Optional.empty(),
                wire.hasExpiresAt() ? Optional.of(instant(wire.getExpiresAt())) : Optional.empty());
    }

    private static GroupMemberDescription member(io.flotilla.protocol.v1.GroupMemberDescription wire) {
        return new GroupMemberDescription(
                wire.getMemberId(),
                wire.getInstanceId().isEmpty() ? Optional.empty() : Optional.of(wire.getInstanceId()),
                wire.getClientId(),
                wire.getHost(),
                wire.getMemberEpoch(),
                wire.getTopicsList(),
                partitions(wire.getPartitionsList()),
                partitions(wire.getRevokedList()),
                wire.getAwaitedList().stream().map(WirePartition::fromProto).toList(),
                wire.getAway(),
                wire.hasSilentFor() ? Optional.of(duration(wire.getSilentFor())) : Optional.empty());
    }

    private static GroupPartition partition(io.flotilla.protocol.v1.GroupPartition wire) {
        return new GroupPartition(
                WirePartition.fromProto(wire.getPartition()),
                wire.hasCommittedOffset() ? OptionalLong.of(wire.getCommittedOffset()) : OptionalLong.empty(),
                wire.hasHighWatermark() ? OptionalLong.of(wire.getHighWatermark()) : OptionalLong.empty(),
                wire.hasLagRecords() ? OptionalLong.of(wire.getLagRecords()) : OptionalLong.empty(),
                wire.hasLag() ? Optional.of(duration(wire.getLag())) : Optional.empty());
    }

    private static GroupRebalance rebalance(io.flotilla.protocol.v1.GroupRebalance wire) {
        return new GroupRebalance(wire.getEpoch(), instant(wire.getAt()), wire.getReason());
    }

    private static List<TopicPartition> partitions(List<AssignedPartition> wire) {
        return wire.stream()
                .map(AssignedPartition::getPartition)
                .map(WirePartition::fromProto)
                .toList();
    }

    private static GroupState state(io.flotilla.protocol.v1.GroupState wire) {
        return switch (wire) {
            case GROUP_STATE_EMPTY -> GroupState.EMPTY;
            case GROUP_STATE_STABLE -> GroupState.STABLE;
            // A state newer than this client is one in which something is not as it shall be.
            case GROUP_STATE_RECONCILING, GROUP_STATE_UNSPECIFIED, UNRECOGNIZED -> GroupState.RECONCILING;
        };
    }

    private static Instant instant(Timestamp wire) {
        return Instant.ofEpochSecond(wire.getSeconds(), wire.getNanos());
    }

    private static java.time.Duration duration(Duration wire) {
        return java.time.Duration.ofSeconds(wire.getSeconds(), wire.getNanos());
    }
}

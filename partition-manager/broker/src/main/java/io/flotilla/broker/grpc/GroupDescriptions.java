package io.flotilla.broker.grpc;

import io.flotilla.broker.group.GroupCoordinator;
import io.flotilla.broker.group.MemberKey;
import io.flotilla.broker.group.PartitionLag;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.AssignorKind;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.protocol.v1.AssignedPartition;
import io.flotilla.protocol.v1.GroupAssignor;
import io.flotilla.protocol.v1.GroupDescription;
import io.flotilla.protocol.v1.GroupMemberDescription;
import io.flotilla.protocol.v1.GroupPartition;
import io.flotilla.protocol.v1.GroupRebalance;
import io.flotilla.protocol.v1.GroupState;
import io.flotilla.protocol.v1.GroupSummary;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.raftlog.partition.PartitionId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Consumer groups as clients see them. */
final class GroupDescriptions {
    private GroupDescriptions() {}

    static GroupSummary summary(GroupEntry entry) {
        return GroupSummary.newBuilder()
                .setGroup(entry.name())
                .setState(state(entry.group().state()))
                .setMemberCount(entry.group().members().size())
                .setOffsetCount(entry.offsets().size())
                .build();
    }

    static GroupDescription describe(
            GroupEntry entry, MetadataImage image, GroupCoordinator coordinator, List<PartitionLag> lags) {
        ConsumerGroup group = entry.group();
        GroupDescription.Builder description = GroupDescription.newBuilder()
                .setGroup(entry.name())
                .setState(state(group.state()))
                .setEpoch(group.epoch())
                .setAssignor(assignor(group.assignor()));
        Set<String> missing = new TreeSet<>();
        group.members().values().forEach(member -> {
            description.addMembers(describe(member, group, image, coordinator));
            missing.addAll(member.topics());
        });
        missing.removeAll(image.topics().keySet());
        group.rebalances()
                .forEach(rebalance -> description.addRebalances(GroupRebalance.newBuilder()
                        .setEpoch(rebalance.epoch())
                        .setAt(WireTimes.timestamp(rebalance.atMillis()))
                        .setReason(rebalance.reason())));
        if (!entry.hasMembers()) {
            description.setEmptySince(WireTimes.timestamp(entry.emptySinceMillis()));
            Duration retention = coordinator.settings().offsetsRetention();
            if (!retention.isZero()) {
                description.setExpiresAt(WireTimes.timestamp(entry.idleSinceMillis() + retention.toMillis()));
            }
        }
        lags.stream()
                .filter(lag -> image.topic(lag.partition().topicId()).isPresent()) // a deleted one is not read
                .map(lag -> name(image, lag.partition()).map(name -> partition(name, lag)))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing((GroupPartition partition) ->
                                partition.getPartition().getTopic())
                        .thenComparingInt(partition -> partition.getPartition().getPartition()))
                .forEach(description::addPartitions);
        return description.addAllMissingTopics(missing).build();
    }

    private static GroupPartition partition(TopicPartition name, PartitionLag lag) {
        GroupPartition.Builder partition = GroupPartition.newBuilder().setPartition(name);
        lag.committed().ifPresent(partition::setCommittedOffset);
        lag.highWatermark().ifPresent(partition::setHighWatermark);
        lag.records().ifPresent(partition::setLagRecords);
        lag.millis().ifPresent(millis -> partition.setLag(WireTimes.duration(Duration.ofMillis(millis))));
        return partition.build();
    }

    private static GroupMemberDescription describe(
            GroupMember member, ConsumerGroup group, MetadataImage image, GroupCoordinator coordinator) {
        GroupMemberDescription.Builder description = GroupMemberDescription.newBuilder()
                .setMemberId(member.id())
                .setInstanceId(member.info().instanceId().orElse(""))
                .setClientId(member.info().clientId())
                .setHost(member.info().host())
                .setMemberEpoch(member.epoch())
                .addAllTopics(member.topics())
                .setAway(member.away())
                .setSessionTimeout(
                        WireTimes.duration(Duration.ofMillis(member.info().sessionTimeoutMillis())));
        member.owned()
                .forEach((partition, since) -> assigned(image, partition, since).ifPresent(description::addPartitions));
        member.revoking().forEach((partition, revocation) -> assigned(image, partition, revocation.sinceEpoch())
                .ifPresent(description::addRevoked));
        group.targetOf(member.id()).stream()
                .filter(partition -> !member.owned().containsKey(partition))
                .sorted(GroupMember.ORDER)
                .forEach(partition -> name(image, partition).ifPresent(description::addAwaited));
        coordinator
                .silentMillis(new MemberKey(group.name(), member.id()))
                .ifPresent(millis -> description.setSilentFor(WireTimes.duration(Duration.ofMillis(millis))));
        return description.build();
    }

    /** Empty if the topic is gone, which its readers are told soon. */
    static Optional<AssignedPartition> assigned(MetadataImage image, PartitionId partition, int sinceEpoch) {
        return name(image, partition).map(name -> AssignedPartition.newBuilder()
                .setPartition(name)
                .setTopicId(Topic.idText(partition.topicId()))
                .setSinceEpoch(sinceEpoch)
                .build());
    }

    private static Optional<TopicPartition> name(MetadataImage image, PartitionId partition) {
        return image.keptTopic(partition.topicId()).map(topic -> TopicPartition.newBuilder()
                .setTopic(topic.name())
                .setPartition(partition.partition())
                .build());
    }

    /** Empty if the topic is gone. */
    static Optional<io.flotilla.protocol.v1.CommittedOffset> committed(
            MetadataImage image, PartitionId partition, CommittedOffset offset) {
        return image.topic(partition.topicId()).map(topic -> {
            io.flotilla.protocol.v1.CommittedOffset.Builder committed =
                    io.flotilla.protocol.v1.CommittedOffset.newBuilder()
                            .setPartition(TopicPartition.newBuilder()
                                    .setTopic(topic.name())
                                    .setPartition(partition.partition()))
                            .setTopicId(topic.idText())
                            .setOffset(offset.offset())
                            .setMetadata(offset.metadata())
                            .setCommittedAt(WireTimes.timestamp(offset.atMillis()));
            if (offset.leaderEpoch() != CommittedOffset.UNKNOWN_EPOCH) {
                committed.setLeaderEpoch(offset.leaderEpoch());
            }
            return committed.build();
        });
    }

    private static GroupState state(ConsumerGroup.State state) {
        return switch (state) {
            case EMPTY -> GroupState.GROUP_STATE_EMPTY;
            case RECONCILING -> GroupState.GROUP_STATE_RECONCILING;
            case STABLE -> GroupState.GROUP_STATE_STABLE;
        };
    }

    private static GroupAssignor assignor(AssignorKind kind) {
        return switch (kind) {
            case UNIFORM -> GroupAssignor.GROUP_ASSIGNOR_UNIFORM;
            case RANGE -> GroupAssignor.GROUP_ASSIGNOR_RANGE;
        };
    }
}

package io.flotilla.metadata.store;

import io.flotilla.metadata.group.AssignorKind;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.MemberInfo;
import io.flotilla.metadata.v1.CommittedOffsetState;
import io.flotilla.metadata.v1.GroupAssignorState;
import io.flotilla.metadata.v1.GroupEntryState;
import io.flotilla.metadata.v1.GroupMemberState;
import io.flotilla.metadata.v1.GroupsState;
import io.flotilla.metadata.v1.HeldPartitionState;
import io.flotilla.metadata.v1.MemberInfoState;
import io.flotilla.metadata.v1.RebalanceState;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Consumer groups as {@code flotilla.metadata.v1.GroupsState}: equal groups give equal bytes. */
final class GroupFormat {
    private GroupFormat() {}

    static GroupsState messageOf(Groups groups) {
        TopicTable.Writing topics = new TopicTable.Writing();
        GroupsState.Builder message = GroupsState.newBuilder();
        groups.all().forEach(entry -> message.addGroups(messageOf(entry, topics)));
        return message.addAllTopicIds(topics.table()).build();
    }

    static Groups groupsOf(GroupsState message) {
        TopicTable topics = TopicTable.of(message.getTopicIdsList());
        Groups groups = Groups.NONE;
        for (GroupEntryState entry : message.getGroupsList()) {
            groups = groups.with(entryOf(entry, topics));
        }
        return groups;
    }

    private static GroupEntryState messageOf(GroupEntry entry, TopicTable.Writing topics) {
        ConsumerGroup group = entry.group();
        GroupEntryState.Builder message = GroupEntryState.newBuilder()
                .setName(group.name())
                .setEpoch(group.epoch())
                .setAssignor(messageOf(Optional.of(group.assignor())))
                .setEmptySinceMillis(entry.emptySinceMillis());
        group.members().values().forEach(member -> message.addMembers(messageOf(member, group, topics)));
        group.rebalances()
                .forEach(rebalance -> message.addRebalances(RebalanceState.newBuilder()
                        .setEpoch(rebalance.epoch())
                        .setAtMillis(rebalance.atMillis())
                        .setReason(rebalance.reason())));
        entry.offsets().forEach((partition, offset) -> message.addOffsets(messageOf(partition, offset, topics)));
        return message.build();
    }

    private static GroupEntry entryOf(GroupEntryState message, TopicTable topics) {
        SortedMap<String, GroupMember> members = new TreeMap<>();
        Map<String, Set<PartitionId>> target = new HashMap<>();
        for (GroupMemberState state : message.getMembersList()) {
            GroupMember member = memberOf(state, topics);
            members.put(member.id(), member);
            Set<PartitionId> share = new LinkedHashSet<>();
            state.getTargetList().forEach(held -> share.add(partitionOf(held, topics)));
            target.put(member.id(), share);
        }
        ConsumerGroup group = new ConsumerGroup(
                message.getName(),
                message.getEpoch(),
                assignorOf(message.getAssignor()).orElse(AssignorKind.UNIFORM),
                members,
                target,
                message.getRebalancesList().stream()
                        .map(state ->
                                new ConsumerGroup.Rebalance(state.getEpoch(), state.getAtMillis(), state.getReason()))
                        .toList());
        SortedMap<PartitionId, CommittedOffset> offsets = new TreeMap<>(GroupMember.ORDER);
        message.getOffsetsList()
                .forEach(state -> offsets.put(
                        partitionOf(state, topics),
                        new CommittedOffset(
                                state.getOffset(),
                                state.getLeaderEpochPlusOne() - 1,
                                state.getMetadata(),
                                state.getAtMillis())));
        return new GroupEntry(group, offsets, message.getEmptySinceMillis());
    }

    private static GroupMemberState messageOf(GroupMember member, ConsumerGroup group, TopicTable.Writing topics) {
        GroupMemberState.Builder message = GroupMemberState.newBuilder()
                .setInfo(messageOf(member.info()))
                .addAllTopics(member.topics())
                .setEpoch(member.epoch())
                .setVersion(member.version())
                .setAway(member.away());
        member.owned()
                .forEach((partition, since) ->
                        message.addOwned(messageOf(partition, topics).setSinceEpoch(since)));
        member.revoking()
                .forEach((partition, revocation) -> message.addRevoking(messageOf(partition, topics)
                        .setSinceEpoch(revocation.sinceEpoch())
                        .setVersion(revocation.version())));
        group.targetOf(member.id()).stream()
                .sorted(GroupMember.ORDER)
                .forEach(partition -> message.addTarget(messageOf(partition, topics)));
        return message.build();
    }

    private static GroupMember memberOf(GroupMemberState message, TopicTable topics) {
        SortedMap<PartitionId, Integer> owned = new TreeMap<>(GroupMember.ORDER);
        message.getOwnedList().forEach(held -> owned.put(partitionOf(held, topics), held.getSinceEpoch()));
        SortedMap<PartitionId, GroupMember.Revocation> revoking = new TreeMap<>(GroupMember.ORDER);
        message.getRevokingList()
                .forEach(held -> revoking.put(
                        partitionOf(held, topics),
                        new GroupMember.Revocation(held.getSinceEpoch(), held.getVersion())));
        return new GroupMember(
                infoOf(message.getInfo()),
                new TreeSet<>(message.getTopicsList()),
                message.getEpoch(),
                message.getVersion(),
                owned,
                revoking,
                message.getAway());
    }

    static MemberInfoState messageOf(MemberInfo info) {
        return MemberInfoState.newBuilder()
                .setId(info.id())
                .setInstanceId(info.instanceId().orElse(""))
                .setClientId(info.clientId())
                .setHost(info.host())
                .setAssignor(messageOf(info.assignor()))
                .setSessionTimeoutMillis(info.sessionTimeoutMillis())
                .setRevocationTimeoutMillis(info.revocationTimeoutMillis())
                .build();
    }

    static MemberInfo infoOf(MemberInfoState message) {
        return new MemberInfo(
                message.getId(),
                Optional.of(message.getInstanceId()).filter(id -> !id.isEmpty()),
                message.getClientId(),
                message.getHost(),
                assignorOf(message.getAssignor()),
                message.getSessionTimeoutMillis(),
                message.getRevocationTimeoutMillis());
    }

    private static GroupAssignorState messageOf(Optional<AssignorKind> kind) {
        if (kind.isEmpty()) {
            return GroupAssignorState.GROUP_ASSIGNOR_STATE_UNSPECIFIED;
        }
        return switch (kind.get()) {
            case UNIFORM -> GroupAssignorState.GROUP_ASSIGNOR_STATE_UNIFORM;
            case RANGE -> GroupAssignorState.GROUP_ASSIGNOR_STATE_RANGE;
        };
    }

    private static Optional<AssignorKind> assignorOf(GroupAssignorState state) {
        return switch (state) {
            case GROUP_ASSIGNOR_STATE_UNSPECIFIED -> Optional.empty();
            case GROUP_ASSIGNOR_STATE_UNIFORM -> Optional.of(AssignorKind.UNIFORM);
            case GROUP_ASSIGNOR_STATE_RANGE -> Optional.of(AssignorKind.RANGE);
            case UNRECOGNIZED ->
                throw new IllegalArgumentException("an assignor is of a kind this broker does not know");
        };
    }

    static CommittedOffsetState messageOf(PartitionId partition, CommittedOffset offset, TopicTable.Writing topics) {
        return CommittedOffsetState.newBuilder()
                .setTopic(topics.indexOf(partition.topicId()))
                .setPartition(partition.partition())
                .setOffset(offset.offset())
                .setLeaderEpochPlusOne(offset.leaderEpoch() + 1)
                .setMetadata(offset.metadata())
                .setAtMillis(offset.atMillis())
                .build();
    }

    static HeldPartitionState.Builder messageOf(PartitionId partition, TopicTable.Writing topics) {
        return HeldPartitionState.newBuilder()
                .setTopic(topics.indexOf(partition.topicId()))
                .setPartition(partition.partition());
    }

    static PartitionId partitionOf(HeldPartitionState held, TopicTable topics) {
        return new PartitionId(topics.at(held.getTopic()), held.getPartition());
    }

    static PartitionId partitionOf(CommittedOffsetState offset, TopicTable topics) {
        return new PartitionId(topics.at(offset.getTopic()), offset.getPartition());
    }

    static List<PartitionId> partitionsOf(List<HeldPartitionState> held, TopicTable topics) {
        return held.stream().map(partition -> partitionOf(partition, topics)).toList();
    }
}

package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What follows for a group from what happens to it.
 *
 * <p>After each event the members take a step towards the target, in two parts. Each gives up what the target takes from
 * it; until it has acknowledged that, it gets nothing and nobody gets what it gives up. One that has nothing left to give
 * up gets those of its target that nobody holds. So no partition ever has two readers, a member that stays keeps reading
 * what it keeps, and each partition changes hands at most once for each target.
 */
public final class GroupRules {
    private GroupRules() {}

    /**
     * A member comes. If it is in the group already, for instance since the answer was lost, its topics are what it says
     * now. A static member whose predecessor is away takes its place without a new target.
     *
     * @param atMillis wall clock of the proposer, milliseconds since the epoch
     */
    public static GroupChange join(
            ConsumerGroup group, SubscribedTopics topics, MemberInfo info, Set<String> names, long atMillis) {
        String memberId = info.id();
        Optional<GroupMember> itself = group.member(memberId);
        if (itself.isPresent()) {
            ConsumerGroup back = itself.get().away() ? group.with(itself.get().succeededBy(info)) : group;
            return subscribe(back, topics, memberId, names, atMillis);
        }
        Optional<GroupMember> predecessor = info.instanceId().flatMap(group::instance);
        if (predecessor.isPresent()) {
            GroupMember former = predecessor.get();
            if (!former.away()) {
                return new GroupChange.InstanceInUse(info.instanceId().orElseThrow(), former.id());
            }
            ConsumerGroup succeeded = group.succession(former.id(), former.succeededBy(info));
            return subscribe(succeeded, topics, memberId, names, atMillis);
        }
        GroupMember member = GroupMember.joining(info, names);
        return new GroupChange.Done(aim(group.with(member), topics, atMillis, memberId + " has joined"));
    }

    /** A member subscribes to other topics than before. */
    public static GroupChange subscribe(
            ConsumerGroup group, SubscribedTopics topics, String memberId, Set<String> names, long atMillis) {
        Optional<GroupMember> member = group.member(memberId);
        if (member.isEmpty()) {
            return new GroupChange.UnknownMember(memberId);
        }
        ConsumerGroup changed = group.with(member.get().subscribedTo(names));
        return new GroupChange.Done(aim(changed, topics, atMillis, memberId + " subscribes to other topics"));
    }

    /**
     * A member goes, or is taken for gone: what it held is free at once.
     *
     * @param reason for an operator to read
     */
    public static GroupChange leave(
            ConsumerGroup group, SubscribedTopics topics, String memberId, long atMillis, String reason) {
        if (group.member(memberId).isEmpty()) {
            return new GroupChange.UnknownMember(memberId);
        }
        return new GroupChange.Done(aim(group.without(memberId), topics, atMillis, reason));
    }

    /**
     * A static member stops reading for a while: its share is kept for its successor, until it is removed by {@link
     * #leave}. One that is not static just leaves.
     */
    public static GroupChange goAway(ConsumerGroup group, SubscribedTopics topics, String memberId, long atMillis) {
        Optional<GroupMember> member = group.member(memberId);
        if (member.isEmpty() || member.get().info().instanceId().isEmpty()) {
            return leave(group, topics, memberId, atMillis, memberId + " has left");
        }
        return new GroupChange.Done(reconcile(group.with(member.get().goneAway())));
    }

    /**
     * A member has stopped reading whatever is not its own as of a version of its {@code owned}.
     *
     * @param version of an assignment that it was told; what it has not been told of yet it cannot acknowledge
     */
    public static GroupChange acknowledge(ConsumerGroup group, String memberId, int version) {
        Optional<GroupMember> member = group.member(memberId);
        if (member.isEmpty()) {
            return new GroupChange.UnknownMember(memberId);
        }
        GroupMember done =
                member.get().acknowledged(Math.min(version, member.get().version()));
        return new GroupChange.Done(done.equals(member.get()) ? group : reconcile(group.with(done)));
    }

    /** Topics came, went or grew. The group is the same as before if it reads none of them. */
    public static ConsumerGroup topicsChanged(ConsumerGroup group, SubscribedTopics topics, long atMillis) {
        return aim(group, topics, atMillis, "topics have changed");
    }

    private static ConsumerGroup aim(ConsumerGroup before, SubscribedTopics topics, long atMillis, String reason) {
        ConsumerGroup group = before.sharedBy(assignorOf(before));
        SortedMap<String, SortedSet<String>> subscriptions = new TreeMap<>();
        group.members().forEach((id, member) -> subscriptions.put(id, member.topics()));
        SortedMap<String, Set<PartitionId>> shares =
                group.assignor().assignor().assign(subscriptions, topics, group.target());
        boolean same = shares.equals(group.target());
        return reconcile(same ? group : group.aimingAt(shares, atMillis, reason));
    }

    /** The one that most members ask for; of equals the first. */
    private static AssignorKind assignorOf(ConsumerGroup group) {
        Map<AssignorKind, Integer> votes = new EnumMap<>(AssignorKind.class);
        group.members()
                .values()
                .forEach(member -> member.info().assignor().ifPresent(kind -> votes.merge(kind, 1, Integer::sum)));
        AssignorKind most = AssignorKind.UNIFORM;
        for (Map.Entry<AssignorKind, Integer> kind : votes.entrySet()) {
            if (kind.getValue() > votes.getOrDefault(most, 0)) {
                most = kind.getKey();
            }
        }
        return most;
    }

    private static ConsumerGroup reconcile(ConsumerGroup group) {
        SortedMap<String, GroupMember> members = new TreeMap<>();
        Set<PartitionId> held = new HashSet<>();
        group.members().forEach((id, member) -> {
            GroupMember after = member.givingUpAllBut(group.targetOf(id));
            members.put(id, after);
            held.addAll(after.owned().keySet());
            held.addAll(after.revoking().keySet());
        });
        // Targets share nothing, so that what one gets here is no other's to get.
        members.replaceAll((id, member) -> {
            if (!member.revoking().isEmpty()) {
                return member;
            }
            Set<PartitionId> more = new LinkedHashSet<>(group.targetOf(id));
            more.removeAll(held);
            return member.reaching(group.epoch(), more);
        });
        return group.withMembers(members);
    }
}

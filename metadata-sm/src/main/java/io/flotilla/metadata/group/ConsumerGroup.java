package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Members that share the partitions of topics.
 *
 * @param epoch      rises with every new target
 * @param assignor   how the target is made
 * @param target     what each member shall own in the end
 * @param rebalances why there were new targets, the newest last, {@value #REBALANCES_KEPT} at most
 */
public record ConsumerGroup(
        String name,
        int epoch,
        AssignorKind assignor,
        SortedMap<String, GroupMember> members,
        Map<String, Set<PartitionId>> target,
        List<Rebalance> rebalances) {
    public static final int REBALANCES_KEPT = 10;

    /**
     * A new target.
     *
     * @param atMillis wall clock of the proposer, milliseconds since the epoch
     * @param reason   for an operator to read
     */
    public record Rebalance(int epoch, long atMillis, String reason) {}

    /** How a group is doing. */
    public enum State {
        /** It has no members. */
        EMPTY,
        /** A member has yet to give something up, or to get something. */
        RECONCILING,
        /** Every member owns what it shall. */
        STABLE
    }

    public ConsumerGroup {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        target = Map.copyOf(target);
        rebalances = List.copyOf(rebalances);
    }

    /** One without members. */
    public static ConsumerGroup empty(String name) {
        return new ConsumerGroup(name, 0, AssignorKind.UNIFORM, Collections.emptySortedMap(), Map.of(), List.of());
    }

    public Optional<GroupMember> member(String id) {
        return Optional.ofNullable(members.get(id));
    }

    Optional<GroupMember> instance(String instanceId) {
        return members.values().stream()
                .filter(member -> member.info().instanceId().equals(Optional.of(instanceId)))
                .findFirst();
    }

    /** What a member shall own in the end. */
    public Set<PartitionId> targetOf(String memberId) {
        return target.getOrDefault(memberId, Set.of());
    }

    public State state() {
        if (members.isEmpty()) {
            return State.EMPTY;
        }
        boolean reached = members.values().stream()
                .allMatch(member -> member.revoking().isEmpty()
                        && member.epoch() == epoch
                        && member.owned().keySet().equals(targetOf(member.id())));
        return reached ? State.STABLE : State.RECONCILING;
    }

    /** All members' topics. */
    Set<String> topics() {
        Set<String> names = new TreeSet<>();
        members.values().forEach(member -> names.addAll(member.topics()));
        return names;
    }

    ConsumerGroup with(GroupMember member) {
        SortedMap<String, GroupMember> changed = new TreeMap<>(members);
        changed.put(member.id(), member);
        return withMembers(changed);
    }

    ConsumerGroup without(String memberId) {
        SortedMap<String, GroupMember> changed = new TreeMap<>(members);
        changed.remove(memberId);
        return withMembers(changed);
    }

    ConsumerGroup withMembers(SortedMap<String, GroupMember> changed) {
        return new ConsumerGroup(name, epoch, assignor, changed, target, rebalances);
    }

    ConsumerGroup sharedBy(AssignorKind kind) {
        return kind == assignor ? this : new ConsumerGroup(name, epoch, kind, members, target, rebalances);
    }

    /** A member's place is taken by another with the same share. */
    ConsumerGroup succession(String from, GroupMember to) {
        SortedMap<String, GroupMember> changed = new TreeMap<>(members);
        changed.remove(from);
        changed.put(to.id(), to);
        Map<String, Set<PartitionId>> shares = new TreeMap<>(target);
        Set<PartitionId> share = shares.remove(from);
        if (share != null) {
            shares.put(to.id(), share);
        }
        return new ConsumerGroup(name, epoch, assignor, changed, shares, rebalances);
    }

    ConsumerGroup aimingAt(Map<String, Set<PartitionId>> shares, long atMillis, String reason) {
        List<Rebalance> all = new ArrayList<>(rebalances);
        all.add(new Rebalance(epoch + 1, atMillis, reason));
        List<Rebalance> kept = all.subList(Math.max(0, all.size() - REBALANCES_KEPT), all.size());
        return new ConsumerGroup(name, epoch + 1, assignor, members, shares, kept);
    }
}

package io.flotilla.cli;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupAdmin;
import io.flotilla.client.GroupAssignor;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartition;
import io.flotilla.client.GroupRebalance;
import io.flotilla.client.GroupState;
import io.flotilla.client.GroupSummary;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Groups in memory, which only have offsets, and a member if told so. The first record not processed is 12.34 s old. */
final class MemoryGroups implements GroupAdmin {
    private static final Duration LAG = Duration.ofMillis(12_340);

    private final ToLongFunction<TopicPartition> ends;
    private final SortedMap<String, Map<TopicPartition, CommittedOffset>> offsets = new TreeMap<>();
    private final Map<String, GroupMemberDescription> members = new HashMap<>();

    /** @param ends where partitions end */
    MemoryGroups(ToLongFunction<TopicPartition> ends) {
        this.ends = ends;
    }

    /** From now on the group has a member that reads the partitions, which are of one topic. */
    void join(String group, TopicPartition... partitions) {
        offsets.computeIfAbsent(group, fresh -> new TreeMap<>());
        members.put(
                group,
                new GroupMemberDescription(
                        "m-1",
                        Optional.of("static-1"),
                        "",
                        "127.0.0.1",
                        3,
                        List.of(partitions[0].topic()),
                        List.of(partitions),
                        List.of(),
                        List.of(),
                        false,
                        Optional.of(Duration.ofMillis(120))));
    }

    @Override
    public List<GroupSummary> list() {
        return offsets.entrySet().stream()
                .map(group -> new GroupSummary(
                        group.getKey(),
                        stateOf(group.getKey()),
                        members.containsKey(group.getKey()) ? 1 : 0,
                        group.getValue().size()))
                .toList();
    }

    private GroupState stateOf(String group) {
        return members.containsKey(group) ? GroupState.STABLE : GroupState.EMPTY;
    }

    @Override
    public GroupDescription describe(String group) {
        require(group);
        return new GroupDescription(
                group,
                stateOf(group),
                3,
                GroupAssignor.UNIFORM,
                Optional.ofNullable(members.get(group)).stream().toList(),
                List.of(new GroupRebalance(3, Instant.parse("2026-11-28T10:00:00Z"), "m-1 has joined")),
                List.of(),
                partitions(group),
                Optional.empty(),
                Optional.empty());
    }

    private List<GroupPartition> partitions(String group) {
        Map<TopicPartition, CommittedOffset> committed = offsets.getOrDefault(group, Map.of());
        SortedSet<TopicPartition> all = new TreeSet<>(committed.keySet());
        Optional.ofNullable(members.get(group)).ifPresent(member -> all.addAll(member.partitions()));
        return all.stream()
                .map(partition -> {
                    OptionalLong end = OptionalLong.of(ends.applyAsLong(partition));
                    CommittedOffset next = committed.get(partition);
                    if (next == null) {
                        return new GroupPartition(
                                partition, OptionalLong.empty(), end, OptionalLong.empty(), Optional.empty());
                    }
                    long records = Math.max(0, end.getAsLong() - next.offset());
                    return new GroupPartition(
                            partition,
                            OptionalLong.of(next.offset()),
                            end,
                            OptionalLong.of(records),
                            Optional.of(records == 0 ? Duration.ZERO : LAG));
                })
                .toList();
    }

    private void require(String group) {
        if (!offsets.containsKey(group)) {
            throw new Refused(ErrorCode.UNKNOWN_GROUP, "there is no group " + group);
        }
    }

    private void requireEmpty(String group) {
        if (members.containsKey(group)) {
            throw new Refused(ErrorCode.GROUP_NOT_EMPTY, "group " + group + " has 1 member");
        }
    }

    @Override
    public Map<TopicPartition, CommittedOffset> committed(String group) {
        return Map.copyOf(offsets.getOrDefault(group, Map.of()));
    }

    @Override
    public void reset(String group, Map<TopicPartition, Long> positions) {
        requireEmpty(group);
        Map<TopicPartition, CommittedOffset> committed = offsets.computeIfAbsent(group, fresh -> new TreeMap<>());
        positions.forEach((partition, offset) -> committed.put(partition, CommittedOffset.of(offset)));
    }

    @Override
    public void delete(String group) {
        require(group);
        requireEmpty(group);
        offsets.remove(group);
    }

    @Override
    public int forget(String group, Collection<TopicPartition> partitions) {
        require(group);
        Map<TopicPartition, CommittedOffset> committed = offsets.getOrDefault(group, Map.of());
        int before = committed.size();
        committed.keySet().removeAll(partitions);
        return before - committed.size();
    }
}

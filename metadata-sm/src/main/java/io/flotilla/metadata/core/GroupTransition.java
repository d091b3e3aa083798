package io.flotilla.metadata.core;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.ConsumerGroup;
import io.flotilla.metadata.group.GroupChange;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.GroupResult;
import io.flotilla.metadata.group.GroupRules;
import io.flotilla.metadata.group.Groups;
import io.flotilla.metadata.group.SubscribedTopics;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules of all consumer groups together: who may change one, and what of it is kept. Pure, as {@link Transition} is. */
final class GroupTransition implements GroupCommand.Cases<Applied> {
    private final MetadataImage image;
    private final Groups before;

    private GroupTransition(MetadataImage image, Groups before) {
        this.image = image;
        this.before = before;
    }

    static Applied apply(MetadataImage image, Groups before, GroupCommand command) {
        return command.match(new GroupTransition(image, before));
    }

    private Applied rejected(Rejected rejection) {
        return Applied.rejected(image, rejection);
    }

    private Applied accepted(Groups after, GroupResult result) {
        return new Applied(
                image, Optional.of(after), new Outcome.Accepted(image.version(), new Result.GroupsChanged(result)));
    }

    @Override
    public Applied join(GroupCommand.Join command) {
        GroupEntry entry =
                before.group(command.group()).orElseGet(() -> GroupEntry.empty(command.group(), command.atMillis()));
        Optional<Rejected> refusal = GroupRefusals.ofJoin(before, entry, command);
        if (refusal.isPresent()) {
            return rejected(refusal.get());
        }
        ConsumerGroup group = entry.group();
        return changed(
                entry,
                GroupRules.join(
                        group,
                        topicsOf(group, command.topics()),
                        command.member(),
                        command.topics(),
                        command.atMillis()),
                command.atMillis());
    }

    @Override
    public Applied subscribe(GroupCommand.Subscribe command) {
        Optional<Rejected> refusal = GroupRefusals.ofTopics(before, command.topics());
        if (refusal.isPresent()) {
            return rejected(refusal.get());
        }
        return onMember(
                command.group(),
                command.memberId(),
                command.atMillis(),
                group -> GroupRules.subscribe(
                        group,
                        topicsOf(group, command.topics()),
                        command.memberId(),
                        command.topics(),
                        command.atMillis()));
    }

    @Override
    public Applied acknowledge(GroupCommand.Acknowledge command) {
        return onMember(
                command.group(),
                command.memberId(),
                0,
                group -> GroupRules.acknowledge(group, command.memberId(), command.version()));
    }

    @Override
    public Applied leave(GroupCommand.Leave command) {
        return onMember(command.group(), command.memberId(), command.atMillis(), group -> {
            SubscribedTopics topics = topicsOf(group, Set.of());
            return command.keepPlace()
                    ? GroupRules.goAway(group, topics, command.memberId(), command.atMillis())
                    : GroupRules.leave(group, topics, command.memberId(), command.atMillis(), command.reason());
        });
    }

    /** What follows for a group from what happens to it. */
    @FunctionalInterface
    private interface Step {
        GroupChange from(ConsumerGroup group);
    }

    private Applied onMember(String name, String memberId, long atMillis, Step step) {
        Optional<GroupEntry> entry = before.group(name);
        if (entry.isEmpty()) {
            return rejected(GroupRefusals.unknownMember(name, memberId));
        }
        return changed(entry.get(), step.from(entry.get().group()), atMillis);
    }

    private Applied changed(GroupEntry entry, GroupChange change, long atMillis) {
        if (change instanceof GroupChange.Done done) {
            int rebalances = done.group().epoch() - entry.group().epoch();
            return accepted(before.with(entry.with(done.group(), atMillis)), new GroupResult.Changed(rebalances, 0));
        }
        if (change instanceof GroupChange.InstanceInUse inUse) {
            return rejected(GroupRefusals.instanceInUse(entry.name(), inUse.instanceId(), inUse.memberId()));
        }
        return rejected(GroupRefusals.unknownMember(entry.name(), ((GroupChange.UnknownMember) change).memberId()));
    }

    @Override
    public Applied followTopics(GroupCommand.FollowTopics command) {
        Groups after = before;
        int rebalances = 0;
        int removed = 0;
        for (GroupEntry entry : before.all()) {
            ConsumerGroup group = entry.group();
            ConsumerGroup followed = group.members().isEmpty()
                    ? group
                    : GroupRules.topicsChanged(group, topicsOf(group, Set.of()), command.atMillis());
            Set<PartitionId> gone = entry.offsets().keySet().stream()
                    .filter(partition -> image.keptPartition(partition).isEmpty())
                    .collect(Collectors.toSet());
            if (!followed.equals(group)) {
                rebalances += followed.epoch() - group.epoch();
                after = after.with(entry.with(followed, command.atMillis()).withoutOffsets(gone));
            } else if (!gone.isEmpty()) {
                after = after.with(entry.withoutOffsets(gone));
            }
            removed += gone.size();
        }
        return accepted(after, new GroupResult.Changed(rebalances, removed));
    }

    @Override
    public Applied commitOffsets(GroupCommand.CommitOffsets command) {
        Groups after = before;
        List<GroupResult.CommitAnswer> answers =
                new ArrayList<>(command.commits().size());
        for (GroupCommand.Commit commit : command.commits()) {
            GroupEntry entry =
                    after.group(commit.group()).orElseGet(() -> GroupEntry.empty(commit.group(), command.atMillis()));
            Optional<Rejected> refusal = GroupRefusals.ofCommit(after, entry, commit);
            if (refusal.isPresent()) {
                answers.add(
                        new GroupResult.CommitAnswer(Optional.of(refusal.get().code()), List.of()));
                continue;
            }
            List<Integer> fenced = new ArrayList<>();
            Map<PartitionId, CommittedOffset> committed = new HashMap<>();
            for (int i = 0; i < commit.positions().size(); i++) {
                GroupCommand.Position position = commit.positions().get(i);
                if (mayCommit(entry.group(), commit, position.partition())) {
                    committed.put(
                            position.partition(),
                            new CommittedOffset(
                                    position.offset(),
                                    position.leaderEpoch(),
                                    position.metadata(),
                                    command.atMillis()));
                } else {
                    fenced.add(i);
                }
            }
            if (!committed.isEmpty()) {
                after = after.with(entry.withOffsets(committed));
            }
            answers.add(new GroupResult.CommitAnswer(Optional.empty(), fenced));
        }
        return accepted(after, new GroupResult.Committed(answers));
    }

    private static boolean mayCommit(ConsumerGroup group, GroupCommand.Commit commit, PartitionId partition) {
        return commit.member().isEmpty()
                || group.member(commit.member().get().id())
                        .filter(member -> member.mayCommit(
                                partition, commit.member().get().epoch()))
                        .isPresent();
    }

    @Override
    public Applied resetOffsets(GroupCommand.ResetOffsets command) {
        GroupEntry entry =
                before.group(command.group()).orElseGet(() -> GroupEntry.empty(command.group(), command.atMillis()));
        Optional<Rejected> refusal = GroupRefusals.ofReset(before, entry);
        if (refusal.isPresent()) {
            return rejected(refusal.get());
        }
        List<Long> previous = new ArrayList<>();
        SortedMap<PartitionId, CommittedOffset> set =
                new TreeMap<>(command.offsets().comparator());
        command.offsets().forEach((partition, offset) -> {
            CommittedOffset earlier = entry.offsets().get(partition);
            previous.add(earlier == null ? -1 : earlier.offset());
            set.put(partition, new CommittedOffset(offset, CommittedOffset.UNKNOWN_EPOCH, "", command.atMillis()));
        });
        return accepted(before.with(entry.withOffsets(set)), new GroupResult.Reset(previous));
    }

    @Override
    public Applied deleteGroup(GroupCommand.DeleteGroup command) {
        Optional<GroupEntry> entry = before.group(command.group());
        if (entry.isEmpty()) {
            return rejected(GroupRefusals.unknownGroup(command.group()));
        }
        if (entry.get().hasMembers()) {
            return rejected(GroupRefusals.notEmpty(entry.get()));
        }
        return accepted(before.without(command.group()), new GroupResult.Changed(0, 1));
    }

    @Override
    public Applied deleteOffsets(GroupCommand.DeleteOffsets command) {
        Optional<GroupEntry> entry = before.group(command.group());
        if (entry.isEmpty()) {
            return rejected(GroupRefusals.unknownGroup(command.group()));
        }
        Set<String> read = subscriptionsOf(entry.get().group());
        Set<PartitionId> partitions = Set.copyOf(command.partitions());
        boolean inUse = partitions.stream().anyMatch(partition -> image.topic(partition.topicId())
                .filter(topic -> read.contains(topic.name()))
                .isPresent());
        if (inUse) {
            return rejected(GroupRefusals.notEmpty(entry.get()));
        }
        GroupEntry after = entry.get().withoutOffsets(partitions);
        int removed = entry.get().offsets().size() - after.offsets().size();
        return accepted(before.with(after), new GroupResult.Changed(0, removed));
    }

    @Override
    public Applied expire(GroupCommand.Expire command) {
        Groups after = before;
        int removed = 0;
        for (String name : command.groups()) {
            Optional<GroupEntry> entry = after.group(name);
            if (entry.isPresent()
                    && !entry.get().hasMembers()
                    && entry.get().idleSinceMillis() < command.idleSinceMillis()) {
                after = after.without(name);
                removed++;
            }
        }
        return accepted(after, new GroupResult.Changed(0, removed));
    }

    private static Set<String> subscriptionsOf(ConsumerGroup group) {
        Set<String> names = new TreeSet<>();
        for (GroupMember member : group.members().values()) {
            names.addAll(member.topics());
        }
        return names;
    }

    /** Those that members read, and these. */
    private SubscribedTopics topicsOf(ConsumerGroup group, Collection<String> more) {
        Set<String> names = subscriptionsOf(group);
        names.addAll(more);
        Map<String, SubscribedTopics.Partitions> existing = new HashMap<>();
        for (String name : names) {
            image.topic(name)
                    .ifPresent(topic -> existing.put(
                            name,
                            new SubscribedTopics.Partitions(
                                    topic.id(), topic.partitions().size())));
        }
        return SubscribedTopics.of(existing);
    }
}

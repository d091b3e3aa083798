package io.flotilla.metadata.core;

import io.flotilla.metadata.Outcome.Rejected;
import io.flotilla.metadata.group.GroupCommand;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupLimits;
import io.flotilla.metadata.group.Groups;
import io.flotilla.protocol.error.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What consumer groups are refused, and why. */
final class GroupRefusals {
    private GroupRefusals() {}

    static Rejected unknownGroup(String group) {
        return new Rejected(
                ErrorCode.UNKNOWN_GROUP,
                "there is no consumer group '" + group + "'; list the groups to find its name",
                Map.of("group", group));
    }

    static Rejected unknownMember(String group, String memberId) {
        return new Rejected(
                ErrorCode.UNKNOWN_MEMBER,
                "'" + memberId + "' is no member of group '" + group
                        + "' (any more): stop reading, and join again under a new member id",
                Map.of("group", group, "member_id", memberId));
    }

    static Rejected instanceInUse(String group, String instanceId, String memberId) {
        return new Rejected(
                ErrorCode.INSTANCE_IN_USE,
                "member '" + memberId + "' of group '" + group + "' has the instance id '" + instanceId
                        + "' and is there: stop it, wait for its session timeout, or choose another instance id",
                Map.of("group", group, "instance_id", instanceId, "member_id", memberId));
    }

    static Rejected notEmpty(GroupEntry entry) {
        int members = entry.group().members().size();
        return new Rejected(
                ErrorCode.GROUP_NOT_EMPTY,
                "group '" + entry.name() + "' has " + members + " members; stop them first",
                Map.of("group", entry.name(), "member_count", Integer.toString(members)));
    }

    static Optional<Rejected> ofJoin(Groups groups, GroupEntry entry, GroupCommand.Join command) {
        boolean isMember = entry.group().member(command.member().id()).isPresent();
        if (command.returning() && !isMember) {
            return Optional.of(unknownMember(command.group(), command.member().id()));
        }
        if (!isMember && entry.group().members().size() >= GroupLimits.MEMBERS_MAX) {
            return Optional.of(new Rejected(
                    ErrorCode.GROUP_FULL,
                    "group '" + entry.name() + "' has "
                            + entry.group().members().size() + " members, which is as many as there can be",
                    Map.of("group", entry.name(), "members_max", Integer.toString(GroupLimits.MEMBERS_MAX))));
        }
        return ofTopics(groups, command.topics())
                .or(() -> ofName("group", command.group(), GroupLimits.NAME_LENGTH_MAX))
                .or(() -> ofName("member id", command.member().id(), GroupLimits.MEMBER_ID_LENGTH_MAX))
                .or(() -> ofRoom(groups, entry));
    }

    static Optional<Rejected> ofTopics(Groups groups, Set<String> topics) {
        if (topics.size() > GroupLimits.SUBSCRIPTION_TOPICS_MAX) {
            return Refusals.refused(
                    "a subscription to " + topics.size() + " topics is above the limit of "
                            + GroupLimits.SUBSCRIPTION_TOPICS_MAX,
                    Map.of("topics", Integer.toString(topics.size())));
        }
        return topics.stream()
                .map(topic -> ofName("topic", topic, Limits.TOPIC_NAME_LENGTH_MAX))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> full(groups));
    }

    static Optional<Rejected> ofName(String what, String name, int lengthMax) {
        boolean bad =
                name.isEmpty() || name.length() > lengthMax || name.chars().anyMatch(Character::isISOControl);
        return bad
                ? Refusals.refused(
                        "the " + what + " '" + name + "' must have 1 to " + lengthMax
                                + " characters, none of them a control character",
                        Map.of("value", name))
                : Optional.empty();
    }

    static Optional<Rejected> ofCommit(Groups groups, GroupEntry entry, GroupCommand.Commit commit) {
        if (commit.member().isPresent()) {
            String id = commit.member().get().id();
            if (entry.group().member(id).isEmpty()) {
                return Optional.of(unknownMember(commit.group(), id));
            }
        } else if (entry.hasMembers()) {
            return Optional.of(notEmpty(entry));
        }
        Optional<GroupCommand.Position> large = commit.positions().stream()
                .filter(position -> utf8Length(position.metadata()) > GroupLimits.METADATA_BYTES_MAX)
                .findFirst();
        if (large.isPresent()) {
            return Optional.of(new Rejected(
                    ErrorCode.OFFSET_METADATA_TOO_LARGE,
                    "metadata of partition " + large.get().partition() + " is longer than "
                            + GroupLimits.METADATA_BYTES_MAX + " bytes; shorten it",
                    Map.of("max_bytes", Integer.toString(GroupLimits.METADATA_BYTES_MAX))));
        }
        return ofName("group", commit.group(), GroupLimits.NAME_LENGTH_MAX).or(() -> ofRoom(groups, entry));
    }

    private static int utf8Length(String text) {
        return text.codePoints()
                .map(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
                .sum();
    }

    static Optional<Rejected> ofReset(Groups groups, GroupEntry entry) {
        return entry.hasMembers()
                ? Optional.of(notEmpty(entry))
                : ofName("group", entry.name(), GroupLimits.NAME_LENGTH_MAX).or(() -> ofRoom(groups, entry));
    }

    private static Optional<Rejected> ofRoom(Groups groups, GroupEntry entry) {
        if (groups.size() >= GroupLimits.GROUPS_MAX
                && groups.group(entry.name()).isEmpty()) {
            return Refusals.conflict(
                    "there are " + groups.size() + " consumer groups, which is as many as there can be; delete some",
                    Map.of("groups_max", Integer.toString(GroupLimits.GROUPS_MAX)));
        }
        return full(groups);
    }

    private static Optional<Rejected> full(Groups groups) {
        return groups.bytes() < GroupLimits.BYTES_MAX
                ? Optional.empty()
                : Refusals.conflict(
                        "members and offsets of the consumer groups take " + groups.bytes()
                                + " bytes, which is as much as there can be; delete groups, or commit shorter metadata",
                        Map.of("bytes_max", Long.toString(GroupLimits.BYTES_MAX)));
    }
}

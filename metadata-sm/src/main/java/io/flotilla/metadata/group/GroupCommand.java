package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A wish to change consumer groups. {@code atMillis} is the wall clock of the proposer in milliseconds since the epoch.
 * Encoded form: {@code group.proto}.
 */
public sealed interface GroupCommand {
    <R> R match(Cases<R> cases);

    /** One method per command; a command left out does not compile. */
    interface Cases<R> {
        R join(Join command);

        R subscribe(Subscribe command);

        R acknowledge(Acknowledge command);

        R leave(Leave command);

        R followTopics(FollowTopics command);

        R commitOffsets(CommitOffsets command);

        R resetOffsets(ResetOffsets command);

        R deleteGroup(DeleteGroup command);

        R deleteOffsets(DeleteOffsets command);

        R expire(Expire command);
    }

    /**
     * See {@link GroupRules#join}; a group that does not exist is made.
     *
     * @param returning whether the member says that it is one already, so that it is none to be made
     */
    record Join(String group, MemberInfo member, SortedSet<String> topics, boolean returning, long atMillis)
            implements GroupCommand {
        public Join {
            topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.join(this);
        }
    }

    /** See {@link GroupRules#subscribe}. */
    record Subscribe(String group, String memberId, SortedSet<String> topics, long atMillis) implements GroupCommand {
        public Subscribe {
            topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.subscribe(this);
        }
    }

    /** See {@link GroupRules#acknowledge}. */
    record Acknowledge(String group, String memberId, int version) implements GroupCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.acknowledge(this);
        }
    }

    /**
     * See {@link GroupRules#leave} and {@link GroupRules#goAway}.
     *
     * @param keepPlace of a static member
     * @param reason    for an operator to read
     */
    record Leave(String group, String memberId, boolean keepPlace, String reason, long atMillis)
            implements GroupCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.leave(this);
        }
    }

    /** Shares out what topics have grown by or came with, and forgets offsets of those that are gone for good. */
    record FollowTopics(long atMillis) implements GroupCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.followTopics(this);
        }
    }

    /** Commits of any number of groups. */
    record CommitOffsets(List<Commit> commits, long atMillis) implements GroupCommand {
        public CommitOffsets {
            commits = List.copyOf(commits);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.commitOffsets(this);
        }
    }

    /**
     * One commit.
     *
     * @param member empty for one by nobody in particular, which only a group without members takes
     */
    record Commit(String group, Optional<Committer> member, List<Position> positions) {
        public Commit {
            positions = List.copyOf(positions);
        }
    }

    /**
     * @param epoch as the member was told it last
     */
    record Committer(String id, int epoch) {}

    /** See {@link CommittedOffset}. */
    record Position(PartitionId partition, long offset, int leaderEpoch, String metadata) {}

    /** Sets offsets of a group without members. */
    record ResetOffsets(String group, SortedMap<PartitionId, Long> offsets, long atMillis) implements GroupCommand {
        public ResetOffsets {
            SortedMap<PartitionId, Long> ordered = new TreeMap<>(GroupMember.ORDER);
            ordered.putAll(offsets);
            offsets = Collections.unmodifiableSortedMap(ordered);
        }

        /** From a map in any order. */
        public static ResetOffsets of(String group, Map<PartitionId, Long> offsets, long atMillis) {
            SortedMap<PartitionId, Long> ordered = new TreeMap<>(GroupMember.ORDER);
            ordered.putAll(offsets);
            return new ResetOffsets(group, ordered, atMillis);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.resetOffsets(this);
        }
    }

    /** Forgets a group without members. */
    record DeleteGroup(String group) implements GroupCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteGroup(this);
        }
    }

    /** Forgets offsets of topics to which no member subscribes. */
    record DeleteOffsets(String group, List<PartitionId> partitions) implements GroupCommand {
        public DeleteOffsets {
            partitions = List.copyOf(partitions);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteOffsets(this);
        }
    }

    /** Forgets those of the groups that have no members and have been idle since before a time. */
    record Expire(List<String> groups, long idleSinceMillis) implements GroupCommand {
        public Expire {
            groups = List.copyOf(groups);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.expire(this);
        }
    }
}

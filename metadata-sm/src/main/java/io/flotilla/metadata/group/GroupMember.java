package io.flotilla.metadata.group;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A member of a consumer group and the partitions that are its own, which nobody else reads.
 *
 * @param info       what it said of itself
 * @param topics     names of those it subscribes to, whether they exist or not
 * @param epoch      the group's epoch at which it has given up all that the target takes from it
 * @param version    how often its {@code owned} have changed; what it acknowledges
 * @param owned      what it may read, with the epoch at which it got it
 * @param revoking   what it is to stop reading, and has not acknowledged yet
 * @param away       whether it is a static member that said it would come back
 */
public record GroupMember(
        MemberInfo info,
        SortedSet<String> topics,
        int epoch,
        int version,
        SortedMap<PartitionId, Integer> owned,
        SortedMap<PartitionId, Revocation> revoking,
        boolean away) {
    /** By topic id and number. */
    public static final Comparator<PartitionId> ORDER =
            Comparator.comparing(PartitionId::topicId).thenComparingInt(PartitionId::partition);

    /**
     * @param sinceEpoch at which the member had got the partition
     * @param version    of the member's {@code owned} that is the first without it
     */
    public record Revocation(int sinceEpoch, int version) {}

    public GroupMember {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
        owned = Collections.unmodifiableSortedMap(ordered(owned));
        revoking = Collections.unmodifiableSortedMap(ordered(revoking));
    }

    private static <T> SortedMap<PartitionId, T> ordered(Map<PartitionId, T> partitions) {
        SortedMap<PartitionId, T> ordered = new TreeMap<>(ORDER);
        ordered.putAll(partitions);
        return ordered;
    }

    public String id() {
        return info.id();
    }

    /** One that owns nothing yet. */
    static GroupMember joining(MemberInfo info, Set<String> topics) {
        return new GroupMember(
                info, new TreeSet<>(topics), 0, 0, Collections.emptySortedMap(), Collections.emptySortedMap(), false);
    }

    /** Whether nobody else may have the partition yet. */
    boolean holds(PartitionId partition) {
        return owned.containsKey(partition) || revoking.containsKey(partition);
    }

    /**
     * Whether what it says of a partition still counts: it says it as of an epoch from which on it has held the partition
     * without interruption. A commit on the way while the group moves on is none of a member that was left behind.
     */
    public boolean mayCommit(PartitionId partition, int atEpoch) {
        Integer since = owned.get(partition);
        if (since == null) {
            Revocation revocation = revoking.get(partition);
            since = revocation == null ? null : Integer.valueOf(revocation.sinceEpoch());
        }
        return since != null && since <= atEpoch && atEpoch <= epoch;
    }

    GroupMember subscribedTo(Set<String> names) {
        return new GroupMember(info, new TreeSet<>(names), epoch, version, owned, revoking, away);
    }

    /** The next process of the same instance: nothing that its predecessor was to stop reading is read any more. */
    GroupMember succeededBy(MemberInfo successor) {
        return new GroupMember(successor, topics, epoch, version + 1, owned, Collections.emptySortedMap(), false);
    }

    GroupMember goneAway() {
        return new GroupMember(info, topics, epoch, version, owned, Collections.emptySortedMap(), true);
    }

    /** Has done all that it was told up to a version of its {@code owned}. */
    GroupMember acknowledged(int upToVersion) {
        SortedMap<PartitionId, Revocation> left = ordered(revoking);
        left.values().removeIf(revocation -> revocation.version() <= upToVersion);
        return left.size() == revoking.size() ? this : new GroupMember(info, topics, epoch, version, owned, left, away);
    }

    /** Keeps only what the target gives it. What it loses it must acknowledge, unless nobody is there who could. */
    GroupMember givingUpAllBut(Set<PartitionId> target) {
        if (target.containsAll(owned.keySet())) {
            return this;
        }
        SortedMap<PartitionId, Integer> kept = ordered(owned);
        SortedMap<PartitionId, Revocation> leaving = ordered(revoking);
        kept.keySet().retainAll(target);
        if (!away) {
            owned.forEach((partition, since) -> {
                if (!kept.containsKey(partition)) {
                    leaving.put(partition, new Revocation(since, version + 1));
                }
            });
        }
        return new GroupMember(info, topics, epoch, version + 1, kept, leaving, away);
    }

    /** Has nothing left to give up, and gets more. */
    GroupMember reaching(int groupEpoch, Set<PartitionId> more) {
        if (more.isEmpty() && epoch == groupEpoch) {
            return this;
        }
        SortedMap<PartitionId, Integer> now = ordered(owned);
        more.forEach(partition -> now.put(partition, groupEpoch));
        int next = more.isEmpty() ? version : version + 1;
        return new GroupMember(info, topics, groupEpoch, next, now, revoking, away);
    }
}

package io.flotilla.broker.group;

import io.flotilla.broker.group.GroupLag.Lag;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.group.CommittedOffset;
import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What there is to ask about groups' lag, and what follows from the answers. */
final class LagRules {
    private LagRules() {}

    /** What to ask one leader: where partitions end, and when the records at positions were made. */
    record Question(Set<PartitionId> partitions, Set<RecordPosition> positions) {}

    /**
     * By the leader's broker id, without what has no leader.
     *
     * @param known        positions not to ask about
     * @param positionsMax most to ask one leader
     */
    static Map<Integer, Question> questions(
            MetadataImage image, Collection<GroupEntry> groups, Set<RecordPosition> known, int positionsMax) {
        Map<Integer, Question> questions = new HashMap<>();
        for (GroupEntry group : groups) {
            for (PartitionId partition : partitionsOf(group)) {
                Optional<Integer> leader = image.partition(partition).flatMap(PartitionAssignment::leader);
                if (leader.isEmpty()) {
                    continue;
                }
                Question question = questions.computeIfAbsent(
                        leader.get(), id -> new Question(new LinkedHashSet<>(), new LinkedHashSet<>()));
                question.partitions().add(partition);
                committed(group, partition)
                        .filter(position -> !known.contains(position))
                        .filter(position -> question.positions().size() < positionsMax)
                        .ifPresent(question.positions()::add);
            }
        }
        return questions;
    }

    /** Those with a committed offset and those that a member reads. */
    private static SortedSet<PartitionId> partitionsOf(GroupEntry group) {
        SortedSet<PartitionId> partitions = new TreeSet<>(GroupMember.ORDER);
        partitions.addAll(group.offsets().keySet());
        group.group()
                .members()
                .values()
                .forEach(member -> partitions.addAll(member.owned().keySet()));
        return partitions;
    }

    private static Optional<RecordPosition> committed(GroupEntry group, PartitionId partition) {
        return Optional.ofNullable(group.offsets().get(partition))
                .map(offset -> new RecordPosition(partition, offset.offset()));
    }

    /** Next records of all groups. */
    static Set<RecordPosition> positions(Collection<GroupEntry> groups) {
        Set<RecordPosition> positions = new LinkedHashSet<>();
        groups.forEach(group -> group.offsets()
                .forEach((partition, offset) -> positions.add(new RecordPosition(partition, offset.offset()))));
        return positions;
    }

    /** Of each partition with a committed offset and each that a member reads. */
    static List<PartitionLag> lags(GroupEntry group, PartitionEnds told, long nowMillis) {
        return partitionsOf(group).stream()
                .map(partition ->
                        lag(partition, Optional.ofNullable(group.offsets().get(partition)), told, nowMillis))
                .toList();
    }

    private static PartitionLag lag(
            PartitionId partition, Optional<CommittedOffset> committed, PartitionEnds told, long nowMillis) {
        Long end = told.highWatermarks().get(partition);
        OptionalLong highWatermark = end == null ? OptionalLong.empty() : OptionalLong.of(end);
        if (committed.isEmpty()) {
            return new PartitionLag(
                    partition, OptionalLong.empty(), highWatermark, OptionalLong.empty(), OptionalLong.empty());
        }
        long next = committed.get().offset();
        OptionalLong timestamp = told.timestamps().get(new RecordPosition(partition, next));
        return new PartitionLag(
                partition,
                OptionalLong.of(next),
                highWatermark,
                end == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - next)),
                end != null && next >= end ? OptionalLong.of(0) : age(timestamp, nowMillis));
    }

    /** @param timestamp null if it is not known, empty if there is no record */
    private static OptionalLong age(@Nullable OptionalLong timestamp, long nowMillis) {
        if (timestamp == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(timestamp.isEmpty() ? 0 : Math.max(0, nowMillis - timestamp.getAsLong()));
    }

    /** By group and topic, of partitions with a committed offset, without topics of which nothing is known. */
    static List<Lag> byTopic(MetadataImage image, Collection<GroupEntry> groups, PartitionEnds told, long nowMillis) {
        List<Lag> byTopic = new ArrayList<>();
        for (GroupEntry group : groups) {
            SortedMap<String, List<PartitionLag>> lags = new TreeMap<>();
            for (PartitionLag lag : lags(group, told, nowMillis)) {
                if (lag.records().isPresent() || lag.millis().isPresent()) {
                    image.topic(lag.partition().topicId()).map(Topic::name).ifPresent(topic -> lags.computeIfAbsent(
                                    topic, name -> new ArrayList<>())
                            .add(lag));
                }
            }
            lags.forEach((topic, partitions) -> byTopic.add(new Lag(
                    group.name(),
                    topic,
                    partitions.stream()
                            .map(PartitionLag::records)
                            .flatMapToLong(OptionalLong::stream)
                            .reduce(Long::sum),
                    partitions.stream()
                            .map(PartitionLag::millis)
                            .flatMapToLong(OptionalLong::stream)
                            .max())));
        }
        return byTopic;
    }
}

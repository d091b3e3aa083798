package io.flotilla.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniformAssignorTest {
    private final UniformAssignor assignor = new UniformAssignor();

    private static SubscribedTopics topics(Map<String, Integer> counts) {
        Map<String, SubscribedTopics.Partitions> byName = new HashMap<>();
        counts.forEach((name, count) ->
                byName.put(name, new SubscribedTopics.Partitions(new UUID(0, name.hashCode()), count)));
        return SubscribedTopics.of(byName);
    }

    private static SortedMap<String, SortedSet<String>> members(int count, String... names) {
        SortedMap<String, SortedSet<String>> subscriptions = new TreeMap<>();
        IntStream.range(0, count)
                .forEach(i -> subscriptions.put(String.format("m%03d", i), new TreeSet<>(List.of(names))));
        return subscriptions;
    }

    private static List<Integer> counts(Map<String, Set<PartitionId>> shares) {
        return shares.values().stream().map(Set::size).sorted().toList();
    }

    private static long moved(Map<String, Set<PartitionId>> before, Map<String, Set<PartitionId>> after) {
        return before.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .filter(partition ->
                                !after.getOrDefault(entry.getKey(), Set.of()).contains(partition)))
                .count();
    }

    @Test
    void shouldGiveEqualSubscribersCountsWithinOneOfEachOther() {
        var shares = assignor.assign(members(4, "a", "b"), topics(Map.of("a", 7, "b", 3)), Map.of());

        assertThat(counts(shares)).containsExactly(2, 2, 3, 3);
    }

    @Test
    void shouldMoveNoMoreThanANewMembersShare() {
        SubscribedTopics topics = topics(Map.of("a", 200));
        var before = assignor.assign(members(49, "a"), topics, Map.of());

        var after = assignor.assign(members(50, "a"), topics, before);

        assertThat(counts(after)).allMatch(count -> count == 4);
        assertThat(moved(before, after)).isEqualTo(4);
    }

    @Test
    void shouldMoveOnlyWhatALeavingMemberHad() {
        SubscribedTopics topics = topics(Map.of("a", 200));
        var before = assignor.assign(members(50, "a"), topics, Map.of());
        SortedMap<String, SortedSet<String>> rest = members(50, "a");
        rest.remove("m007");

        var after = assignor.assign(rest, topics, before);

        assertThat(counts(after)).allMatch(count -> count == 4 || count == 5);
        before.remove("m007");
        assertThat(moved(before, after)).isZero();
    }

    @Test
    void shouldGiveNothingOfATopicThatDoesNotExist() {
        var shares = assignor.assign(members(2, "a", "gone"), topics(Map.of("a", 1)), Map.of());

        assertThat(counts(shares)).containsExactly(0, 1);
    }

    @Test
    void shouldLeaveTopicsOfFewSubscribersToThem() {
        SortedMap<String, SortedSet<String>> subscriptions = members(1, "a", "b");
        subscriptions.put("n", new TreeSet<>(Set.of("a")));

        var shares = assignor.assign(subscriptions, topics(Map.of("a", 2, "b", 2)), Map.of());

        assertThat(counts(shares)).containsExactly(2, 2);
        assertThat(shares.get("n")).extracting(PartitionId::topicId).containsOnly(new UUID(0, "a".hashCode()));
    }

    /** Whoever comes and goes, and whatever they subscribe to: each partition has one owner, who subscribes to it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAssignEveryPartitionOnceAndLeaveNobodyToTakeFrom(long seed) {
        Random random = new Random(seed);
        List<String> names = List.of("a", "b", "c", "d");
        Map<String, Set<PartitionId>> target = Map.of();
        SortedMap<String, SortedSet<String>> subscriptions = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            SortedSet<String> some = new TreeSet<>(names);
            some.removeIf(name -> random.nextInt(3) == 0);
            subscriptions.put("m" + random.nextInt(12), some);
            subscriptions.remove("m" + random.nextInt(12));
            SubscribedTopics topics =
                    topics(Map.of("a", random.nextInt(9), "b", random.nextInt(9), "c", random.nextInt(30)));

            SortedMap<String, Set<PartitionId>> shares = assignor.assign(subscriptions, topics, target);

            assertThat(shares.keySet()).isEqualTo(subscriptions.keySet());
            List<PartitionId> assigned =
                    shares.values().stream().flatMap(Collection::stream).toList();
            Set<String> wanted = new HashSet<>();
            subscriptions.values().forEach(wanted::addAll);
            assertThat(assigned).containsExactlyInAnyOrderElementsOf(topics.partitionsOf(wanted));
            shares.forEach((member, share) -> {
                List<PartitionId> readable = topics.partitionsOf(subscriptions.getOrDefault(member, new TreeSet<>()));
                assertThat(readable).containsAll(share);
                shares.forEach((other, its) -> {
                    if (its.size() - share.size() >= 2) {
                        assertThat(Collections.disjoint(its, readable))
                                .as("%s could take from %s", member, other)
                                .isTrue();
                    }
                });
            });
            assertThat(assignor.assign(subscriptions, topics, shares)).isEqualTo(shares);
            target = shares;
        }
    }
}

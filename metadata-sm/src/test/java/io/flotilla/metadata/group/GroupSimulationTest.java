package io.flotilla.metadata.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raftlog.partition.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Members as they are: each knows only what it was told last, reads that, and acknowledges late, once, twice or never.
 * Whatever they do, no partition has two readers; and when they do what they are told, all partitions are read.
 */
class GroupSimulationTest {
    private static final int RUNS = 60;
    private static final int STEPS = 250;

    /** A process that reads: what it was told last, and by which version. */
    private static final class Reader {
        Set<PartitionId> reads = new HashSet<>();
        int version;
    }

    /** The group and its readers. */
    private static final class Play {
        final Random random;
        final AssignorKind kind;
        final Map<String, Reader> readers = new HashMap<>();
        ConsumerGroup group;
        SubscribedTopics topics = SubscribedTopics.of(Map.of());
        int ids;

        Play(long seed, AssignorKind kind) {
            random = new Random(seed);
            group = ConsumerGroup.empty("g");
            this.kind = kind;
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1 -> join();
                case 2 -> leave();
                case 3 -> subscribe();
                case 4 -> topicsChange();
                case 5 -> goAway();
                default -> any().ifPresent(this::hearAndAcknowledge);
            }
        }

        private Optional<String> any() {
            List<String> ids = new ArrayList<>(new TreeSet<>(readers.keySet()));
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
        }

        private Set<String> someTopics() {
            Set<String> names = new TreeSet<>(Set.of("a", "b", "c"));
            names.removeIf(name -> random.nextInt(4) == 0);
            return names;
        }

        private void join() {
            Optional<String> instance = random.nextBoolean() ? Optional.of("i" + random.nextInt(4)) : Optional.empty();
            String id = "m" + ids++;
            MemberInfo info = new MemberInfo(id, instance, "c", "h", Optional.of(kind), 1, 1);
            GroupChange change = GroupRules.join(group, topics, info, someTopics(), ids);
            if (change instanceof GroupChange.Done done) {
                group = done.group();
                readers.put(id, new Reader());
            } else {
                assertThat(change).isInstanceOf(GroupChange.InstanceInUse.class);
            }
        }

        private void leave() {
            any().ifPresent(id -> {
                group = done(GroupRules.leave(group, topics, id, ids, "gone"));
                readers.remove(id);
            });
        }

        private void goAway() {
            any().ifPresent(id -> {
                group = done(GroupRules.goAway(group, topics, id, ids));
                readers.remove(id);
            });
        }

        private void subscribe() {
            any().ifPresent(id -> group = done(GroupRules.subscribe(group, topics, id, someTopics(), ids)));
        }

        private void topicsChange() {
            Map<String, SubscribedTopics.Partitions> byName = new HashMap<>();
            for (String name : List.of("a", "b", "c")) {
                if (random.nextInt(4) > 0) {
                    UUID id = new UUID(name.charAt(0), random.nextInt(2));
                    byName.put(name, new SubscribedTopics.Partitions(id, 1 + random.nextInt(12)));
                }
            }
            topics = SubscribedTopics.of(byName);
            group = GroupRules.topicsChanged(group, topics, ids);
        }

        /** Stops reading what it has lost, says so perhaps, and only then reads what it has got. */
        void hearAndAcknowledge(String id) {
            Reader reader = Objects.requireNonNull(readers.get(id));
            GroupMember told = group.member(id).orElseThrow();
            if (random.nextInt(3) == 0) {
                acknowledge(id, reader.version); // of before, late or again
            }
            reader.reads = new HashSet<>(told.owned().keySet());
            reader.version = told.version();
            if (random.nextInt(3) > 0) {
                acknowledge(id, reader.version);
            }
        }

        void acknowledge(String id, int version) {
            group = done(GroupRules.acknowledge(group, id, version));
        }

        private static ConsumerGroup done(GroupChange change) {
            assertThat(change).isInstanceOf(GroupChange.Done.class);
            return ((GroupChange.Done) change).group();
        }

        void check(String where) {
            Map<PartitionId, String> readBy = new HashMap<>();
            readers.forEach((id, reader) -> reader.reads.forEach(partition -> assertThat(readBy.put(partition, id))
                    .as("%s: other reader of %s", where, partition)
                    .isNull()));
            Set<PartitionId> held = new HashSet<>();
            group.members().values().forEach(member -> {
                member.owned().keySet().forEach(partition -> assertThat(held.add(partition))
                        .as("%s: %s held twice", where, partition)
                        .isTrue());
                member.revoking().keySet().forEach(partition -> assertThat(held.add(partition))
                        .as("%s: %s held twice", where, partition)
                        .isTrue());
                assertThat(group.targetOf(member.id()))
                        .as(where)
                        .containsAll(member.owned().keySet());
            });
        }

        void settle(String where) {
            for (int round = 0; round < 3; round++) {
                for (String id : new TreeSet<>(readers.keySet())) {
                    Reader reader = Objects.requireNonNull(readers.get(id));
                    GroupMember told = group.member(id).orElseThrow();
                    reader.reads = new HashSet<>(told.owned().keySet());
                    reader.version = told.version();
                    acknowledge(id, reader.version);
                    check(where);
                }
            }
            assertThat(group.state()).as(where).isNotEqualTo(ConsumerGroup.State.RECONCILING);
            assertThat(group.members().values().stream().flatMap(member -> member.owned().keySet().stream()))
                    .as(where)
                    .containsExactlyInAnyOrderElementsOf(topics.partitionsOf(group.topics()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noPartitionHasTwoReadersAndAllAreReadInTheEnd(AssignorKind kind) {
        for (long seed = 1; seed <= RUNS; seed++) {
            Play play = new Play(seed, kind);
            for (int step = 0; step < STEPS; step++) {
                play.step();
                play.check("seed " + seed + " step " + step);
            }
            play.settle("seed " + seed + " at the end");
        }
    }
}

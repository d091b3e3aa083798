package io.flotilla.metadata.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.FeatureLevels;
import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Result;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.raftlog.partition.PartitionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every history of commands. The seed is the parameter, so a failure names it. */
class TransitionPropertyTest {
    private static final int COMMANDS = 300;
    private static final int BROKER_IDS = 7;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 20), LongStream.of(new Random().nextLong()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyImageIsSoundAndEveryChangeHasItsVersion(long seed) {
        MetadataImage image = MetadataImage.empty(Fixtures.CLUSTER);
        long idsGivenUpTo = 0;
        for (MetadataCommand command : history(seed)) {
            MetadataImage before = image;
            Applied applied = Transition.apply(before, command);
            image = applied.image();

            boolean changed = !image.equals(before);
            assertThat(image.version()).isEqualTo(before.version() + (changed ? 1 : 0));
            if (applied.outcome() instanceof Outcome.Accepted accepted) {
                assertThat(accepted.version()).isEqualTo(image.version());
                if (accepted.result() instanceof Result.ProducerIdsAllocated ids) {
                    assertThat(ids.first()).isEqualTo(idsGivenUpTo);
                    idsGivenUpTo += ids.count();
                }
                if (accepted.result() instanceof Result.TopicCreated created && changed) {
                    assertPlacementIsFair(before, created.topic());
                }
            } else {
                assertThat(changed).isFalse();
            }
            assertLeadersNeverGoBack(before, image);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void replayFromAnySnapshotEqualsReplayFromTheStart(long seed) throws IOException {
        List<MetadataCommand> history = history(seed);
        int snapshotAt = new Random(seed).nextInt(history.size());
        MetadataImage whole = MetadataImage.empty(Fixtures.CLUSTER);
        MetadataImage restored = whole;
        for (int index = 0; index < history.size(); index++) {
            MetadataCommand stored = CommandFormat.decode(CommandFormat.encode(history.get(index)));
            assertThat(stored).isEqualTo(history.get(index));
            if (index == snapshotAt) {
                restored = ImageFormat.decode(ImageFormat.encode(whole));
                assertThat(restored).isEqualTo(whole);
            }
            whole = Transition.apply(whole, history.get(index)).image();
            if (index >= snapshotAt) {
                restored = Transition.apply(restored, stored).image();
            }
        }
        assertThat(restored).isEqualTo(whole);
        assertThat(ImageFormat.encode(restored)).isEqualTo(ImageFormat.encode(whole));
    }

    private static void assertPlacementIsFair(MetadataImage before, Topic created) {
        Map<Integer, Integer> leaders = new HashMap<>();
        before.brokers().keySet().forEach(id -> leaders.put(id, 0));
        for (PartitionAssignment partition : created.partitions()) {
            assertThat(partition.replicas())
                    .hasSize(created.replicationFactor())
                    .doesNotHaveDuplicates()
                    .allSatisfy(replica -> assertThat(before.broker(replica.nodeId())
                                    .orElseThrow()
                                    .peerId())
                            .isEqualTo(replica));
            leaders.merge(partition.preferredLeader().nodeId(), 1, Integer::sum);
        }
        assertThat(spread(leaders.values()))
                .as("leaders of the topic: %s", leaders)
                .isLessThanOrEqualTo(1);

        Map<Integer, Integer> inCluster = leadersIn(before);
        int spreadBefore = spread(inCluster.values());
        leaders.forEach((id, count) -> inCluster.merge(id, count, Integer::sum));
        assertThat(spread(inCluster.values()))
                .as("leaders of the cluster: %s", inCluster)
                .isLessThanOrEqualTo(Math.max(1, spreadBefore));
    }

    private static Map<Integer, Integer> leadersIn(MetadataImage image) {
        Map<Integer, Integer> leaders = new HashMap<>();
        image.brokers()
                .values()
                .forEach(broker -> leaders.put(broker.id(), (int) image.topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .filter(partition -> partition.preferredLeader().equals(broker.peerId()))
                        .count()));
        return leaders;
    }

    private static int spread(Collection<Integer> counts) {
        return counts.stream().mapToInt(count -> count).max().orElseThrow()
                - counts.stream().mapToInt(count -> count).min().orElseThrow();
    }

    private static void assertLeadersNeverGoBack(MetadataImage before, MetadataImage after) {
        for (Topic topic : before.topics().values()) {
            after.topic(topic.id()).ifPresent(same -> {
                for (PartitionAssignment partition : topic.partitions()) {
                    PartitionAssignment now =
                            same.partition(partition.partition()).orElseThrow();
                    assertThat(now.replicas()).isEqualTo(partition.replicas());
                    assertThat(now.leaderEpoch()).isGreaterThanOrEqualTo(partition.leaderEpoch());
                    if (now.leaderEpoch() == partition.leaderEpoch()) {
                        assertThat(now.leader()).isEqualTo(partition.leader());
                    }
                }
            });
        }
    }

    private static List<MetadataCommand> history(long seed) {
        Random random = new Random(seed);
        List<MetadataCommand> history = new ArrayList<>();
        for (int n = 0; n < COMMANDS; n++) {
            history.add(command(random));
        }
        return history;
    }

    static MetadataCommand command(Random random) {
        String name = "topic-" + random.nextInt(12);
        return switch (random.nextInt(15)) {
            case 0, 1 -> registration(random);
            case 2, 3, 4 ->
                new MetadataCommand.CreateTopic(
                        idOf(name, random), name, random.nextInt(30), random.nextInt(6), config(random));
            case 5 -> new MetadataCommand.DeleteTopic(name);
            case 6 -> new MetadataCommand.AllocateProducerIds(random.nextInt(100));
            case 7 -> new MetadataCommand.AddPartitions(name, random.nextInt(40));
            case 8 -> new MetadataCommand.AlterTopicConfig(name, config(random), Set.of("retention.ms"));
            case 9 -> new MetadataCommand.DeleteTopic(name, random.nextInt(1_000), random.nextInt(1_000));
            case 10 -> new MetadataCommand.RaiseFeatureLevel(random.nextInt(5));
            case 11 ->
                random.nextBoolean()
                        ? new MetadataCommand.UndeleteTopic(name)
                        : new MetadataCommand.PurgeTopic(idOf(name, random), random.nextInt(3_000));
            default -> reports(random);
        };
    }

    private static MetadataCommand registration(Random random) {
        int id = random.nextInt(BROKER_IDS);
        Endpoint endpoint = new Endpoint("h" + id, random.nextInt(10) == 0 ? 1 : 2);
        String rack = id == 0 ? "" : "rack-" + id % 3;
        return new MetadataCommand.RegisterBroker(
                id,
                "d" + random.nextInt(3),
                endpoint,
                endpoint,
                rack,
                random.nextInt(1_000_000),
                0,
                new FeatureLevels(1, 1 + random.nextInt(4)));
    }

    private static MetadataCommand reports(Random random) {
        List<LeaderReport> reports = new ArrayList<>();
        for (int n = random.nextInt(10); n >= 0; n--) {
            UUID topic = idOf("topic-" + random.nextInt(12), random);
            reports.add(new LeaderReport(
                    new PartitionId(topic, random.nextInt(30)),
                    random.nextInt(20),
                    random.nextInt(BROKER_IDS),
                    List.of()));
        }
        return new MetadataCommand.ReportLeaders(reports);
    }

    /** One of few ids per name, so that a topic made again can be the same or another. */
    private static UUID idOf(String name, Random random) {
        return new UUID(name.hashCode(), random.nextInt(5));
    }

    private static Map<String, String> config(Random random) {
        return random.nextInt(4) == 0
                ? Map.of("segment.bytes", Integer.toString(random.nextInt(10_000_000)))
                : Map.of();
    }
}

package io.flotilla.metadata.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Fixtures;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.metadata.store.OutcomeFormat;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Brokers, targets and operations under random commands, good and bad. */
class ControlPropertyTest {
    private static final int COMMANDS = 600;
    private static final int BROKERS = 6;
    private static final int TOPICS = 5;
    private static final List<Operation.State> STATES = List.of(Operation.State.values());

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepEveryImageSoundAndEncodable(long seed) throws IOException {
        Random random = new Random(seed);
        MetadataImage image = MetadataImage.empty(Fixtures.CLUSTER);
        for (int n = 0; n < COMMANDS; n++) {
            MetadataCommand command = command(random);
            assertThat(CommandFormat.decode(CommandFormat.encode(command))).isEqualTo(command);
            Applied applied = Transition.apply(image, command);
            assertThat(OutcomeFormat.decode(OutcomeFormat.encode(applied.outcome())))
                    .isEqualTo(applied.outcome());
            assertThat(applied.image().version() - image.version()).isBetween(0L, 1L);
            if (applied.outcome() instanceof Outcome.Rejected) {
                assertThat(applied.image()).isSameAs(image);
            }
            assertSound(image, applied.image());
            image = applied.image();
            assertThat(ImageFormat.decode(ImageFormat.encode(image))).isEqualTo(image);
        }
        assertThat(image.operations()).isNotEmpty();
    }

    private static void assertSound(MetadataImage before, MetadataImage after) {
        assertThat(after.operations().stream().filter(Operation::isRunning).count())
                .isLessThanOrEqualTo(Limits.OPERATIONS_RUNNING_MAX);
        for (Topic topic : after.topics().values()) {
            for (PartitionAssignment partition : topic.partitions()) {
                assertThat(partition.replicas()).isNotEmpty().doesNotHaveDuplicates();
                assertThat(partition.target()).doesNotHaveDuplicates();
                assertThat(partition.voters()).isNotEmpty();
                if (partition.isMoving()) {
                    assertThat(PartitionAssignment.sameMembers(partition.target(), partition.voters()))
                            .isFalse();
                }
                before.partition(topic.partitionId(partition.partition())).ifPresent(earlier -> {
                    if (!earlier.replicas().equals(partition.replicas())) {
                        // Replicas are only ever what the voters are.
                        assertThat(partition.replicas()).containsExactlyInAnyOrderElementsOf(partition.voters());
                    }
                });
            }
        }
    }

    static MetadataCommand command(Random random) {
        int broker = random.nextInt(BROKERS);
        String name = "topic-" + random.nextInt(TOPICS);
        PartitionId partition = new PartitionId(Fixtures.topic(name, 1, 1).id(), random.nextInt(4));
        UUID operation = new UUID(3, random.nextInt(40));
        return switch (random.nextInt(15)) {
            case 0, 1 -> Fixtures.broker(broker, "d" + random.nextInt(2), "r" + broker % 2);
            case 2 -> Fixtures.topic(name, 1 + random.nextInt(4), 1 + random.nextInt(3));
            case 3 -> new MetadataCommand.DrainBroker(broker, random.nextInt(3) == 0);
            case 4 -> new MetadataCommand.FenceBroker(broker, "d" + random.nextInt(2), random.nextInt(2));
            case 5 -> new MetadataCommand.StartOperation(operation, new Job.Decommission(broker), 1);
            case 6 -> new MetadataCommand.StartOperation(operation, new Job.Move(partition, peers(random)), 1);
            case 7 ->
                new MetadataCommand.StartOperation(
                        operation, new Job.ChangeReplication(partition.topicId(), random.nextInt(5)), 1);
            case 8 -> new MetadataCommand.StartOperation(operation, new Job.Rebalance(), 1);
            case 9 ->
                new MetadataCommand.EndOperation(operation, STATES.get(random.nextInt(STATES.size())), "because", 2);
            case 14 ->
                new MetadataCommand.StartOperation(
                        operation, new Job.Recover(partition, survivor(random), peers(random), 1), 1);
            case 10 -> new MetadataCommand.AssignTargets(List.of(new TargetReplicas(partition, peers(random))));
            default ->
                new MetadataCommand.ReportLeaders(
                        List.of(new LeaderReport(partition, random.nextInt(30), broker, peers(random))));
        };
    }

    private static PeerId survivor(Random random) {
        return PeerId.of(random.nextInt(BROKERS), "d" + random.nextInt(2));
    }

    private static List<PeerId> peers(Random random) {
        return random.ints(random.nextInt(5), 0, BROKERS)
                .distinct()
                .mapToObj(id -> PeerId.of(id, "d" + random.nextInt(2)))
                .toList();
    }
}

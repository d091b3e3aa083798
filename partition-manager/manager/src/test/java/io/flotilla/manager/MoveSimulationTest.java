package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.core.Applied;
import io.flotilla.metadata.core.Transition;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of moves against groups that are lists of voters: whoever leads when, and whatever old image a leader acts
 * by, operations end with every replica where it is wanted, and no group ever loses two voters by one change.
 */
class MoveSimulationTest {
    private static final int BROKERS = 5;
    private static final int PARTITIONS = 12;
    private static final int STEPS_MAX = 20_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final ControllerSettings SETTINGS = ControllerSettings.DEFAULT;

    private record Group(List<PeerId> voters, PeerId leader, int term) {
        Group with(List<PeerId> changed) {
            return new Group(changed, leader, term);
        }

        Group ledBy(PeerId next) {
            return new Group(voters, next, term + 1);
        }
    }

    private final Map<PartitionId, Group> groups = new HashMap<>();
    private final List<MetadataImage> history = new ArrayList<>();
    private MetadataImage image = MetadataImage.empty("c");
    private Random random = new Random(0);

    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldDecommissionABroker(long seed) {
        form(seed);
        start(new Job.Decommission(2));

        runUntilNothingMoves();

        assertThat(image.broker(2)).isEmpty();
        assertThat(image.operations()).extracting(Operation::state).containsExactly(Operation.State.DONE);
        assertPlacedOn(Set.of(1, 3, 4, 5));
        assertSpread(partition -> List.of(partition.preferredLeader()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldReplaceThePeerOfAWipedBroker(long seed) {
        form(seed);
        register(3, "wiped");

        runUntilNothingMoves();

        assertPlacedOn(Set.of(1, 2, 3, 4, 5));
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.voters()).doesNotContain(PeerId.of(3, "d3")));
        assertThat(groups.values())
                .anySatisfy(group -> assertThat(group.voters()).contains(PeerId.of(3, "wiped")));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldReplaceTheReplicasOfABrokerThatStaysDead(long seed) {
        form(seed);
        apply(new MetadataCommand.FenceBroker(4, "d4", 1));

        runUntilNothingMoves();

        assertPlacedOn(Set.of(1, 2, 3, 5));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldSpreadReplicasAndPreferredLeadersOverNewBrokers(long seed) {
        form(seed);
        register(6, "d6");
        register(7, "d7");
        start(new Job.Rebalance());

        runUntilNothingMoves();

        assertThat(image.operations()).extracting(Operation::state).containsExactly(Operation.State.DONE);
        assertSpread(PartitionAssignment::replicas);
        assertSpread(partition -> List.of(partition.preferredLeader()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldChangeTheReplicationFactorBothWays(long seed) {
        form(seed);
        UUID topic = image.topics().values().iterator().next().id();
        start(new Job.ChangeReplication(topic, 5));
        runUntilNothingMoves();
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.voters()).hasSize(5));

        start(new Job.ChangeReplication(topic, 1));
        runUntilNothingMoves();
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.voters()).hasSize(1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldPutBackWhatACancelledDecommissionHasBegun(long seed) {
        form(seed);
        UUID operation = start(new Job.Decommission(1));
        for (int n = random.nextInt(200); n > 0; n--) {
            step();
        }
        if (image.operation(operation).orElseThrow().isRunning()) {
            apply(new MetadataCommand.EndOperation(operation, Operation.State.CANCELLED, "by test", 2));

            runUntilNothingMoves();

            assertThat(image.broker(1).orElseThrow().status().isInService()).isTrue();
            assertPlacedOn(Set.of(1, 2, 3, 4, 5));
        }
    }

    private void form(long seed) {
        random = new Random(seed);
        for (int id = 1; id <= BROKERS; id++) {
            register(id, "d" + id);
        }
        apply(new MetadataCommand.CreateTopic(new UUID(1, 1), "t", PARTITIONS, 3, Map.of()));
        Topic topic = image.topic("t").orElseThrow();
        for (PartitionAssignment partition : topic.partitions()) {
            PartitionId id = topic.partitionId(partition.partition());
            groups.put(id, new Group(partition.replicas(), partition.preferredLeader(), 0));
            elect(id);
            report(id);
        }
    }

    private Group group(PartitionId id) {
        return Objects.requireNonNull(groups.get(id));
    }

    private void register(int id, String directory) {
        Endpoint endpoint = new Endpoint("h" + id, 9000 + id);
        apply(new MetadataCommand.RegisterBroker(id, directory, endpoint, endpoint, "", 0, 0));
    }

    private UUID start(Job job) {
        UUID id = new UUID(2, history.size());
        apply(new MetadataCommand.StartOperation(id, job, 1));
        return id;
    }

    private void apply(MetadataCommand command) {
        Applied applied = Transition.apply(image, command);
        assertThat(applied.outcome()).as("outcome of %s", command).isInstanceOf(Outcome.Accepted.class);
        image = applied.image();
        history.add(image);
    }

    private void runUntilNothingMoves() {
        for (int n = 0; n < STEPS_MAX; n++) {
            step();
            if (n % 50 == 0 && isSettled()) {
                return;
            }
        }
        throw new AssertionError("still moving: " + image.topics() + " groups " + groups + " of " + image.operations());
    }

    private boolean isSettled() {
        Topic topic = image.topic("t").orElseThrow();
        return ControllerPlan.next(image, SETTINGS, HOUR).isEmpty()
                && topic.partitions().stream()
                        .allMatch(partition -> !partition.isMoving()
                                && PartitionAssignment.sameMembers(
                                        group(topic.partitionId(partition.partition()))
                                                .voters(),
                                        partition.replicas()));
    }

    /** One thing happens somewhere. */
    private void step() {
        PartitionId id = new PartitionId(new UUID(1, 1), random.nextInt(PARTITIONS));
        switch (random.nextInt(6)) {
            case 0 -> ControllerPlan.next(image, SETTINGS, HOUR).ifPresent(this::apply);
            case 1 -> join(id);
            case 2 -> lead(id, image);
            case 3 -> lead(id, history.get(history.size() - 1 - random.nextInt(Math.min(3, history.size()))));
            case 4 -> report(id);
            default -> {
                if (random.nextInt(10) == 0) {
                    elect(id);
                }
            }
        }
    }

    /** A peer that has made its replica, by the newest image, asks to become a voter; the leader may know an older one. */
    private void join(PartitionId id) {
        List<PeerId> coming = image.partition(id).orElseThrow().wanted().stream()
                .filter(peer -> !group(id).voters().contains(peer))
                .toList();
        if (coming.isEmpty()) {
            return;
        }
        MetadataImage known = history.get(history.size() - 1 - random.nextInt(Math.min(2, history.size())));
        PartitionAssignment assigned =
                known.partition(id).orElse(image.partition(id).orElseThrow());
        PeerId peer = coming.get(random.nextInt(coming.size()));
        if (assigned.wanted().contains(peer)) {
            change(
                    id,
                    VoterChange.admitting(
                            peer, group(id).voters(), assigned, group(id).leader(), Set.of()));
        }
    }

    private void lead(PartitionId id, MetadataImage known) {
        Optional<PartitionAssignment> assigned = known.partition(id).filter(PartitionAssignment::isMoving);
        if (assigned.isEmpty()) {
            return;
        }
        VoterChange.Step step = VoterChange.next(
                group(id).voters(), assigned.get().target(), group(id).leader());
        if (step instanceof VoterChange.Step.Change change) {
            change(id, change.voters());
        } else if (step instanceof VoterChange.Step.HandOver handOver) {
            groups.put(id, group(id).ledBy(handOver.candidates().get(0)));
        }
    }

    private void change(PartitionId id, List<PeerId> voters) {
        List<PeerId> before = group(id).voters();
        assertThat(voters).contains(group(id).leader()).doesNotHaveDuplicates();
        assertThat(before.stream().filter(voter -> !voters.contains(voter)).count()
                        + voters.stream()
                                .filter(voter -> !before.contains(voter))
                                .count())
                .as("voters changed at once, from %s to %s", before, voters)
                .isLessThanOrEqualTo(1);
        assertThat(voters.size())
                .isLessThanOrEqualTo(Math.max(
                                before.size(),
                                image.partition(id).orElseThrow().wanted().size())
                        + 1);
        groups.put(id, group(id).with(voters));
    }

    private void elect(PartitionId id) {
        List<PeerId> voters = group(id).voters();
        groups.put(id, group(id).ledBy(voters.get(random.nextInt(voters.size()))));
    }

    private void report(PartitionId id) {
        PeerId leader = group(id).leader();
        apply(new MetadataCommand.ReportLeaders(List.of(new LeaderReport(
                id, group(id).term(), leader.nodeId(), group(id).voters()))));
    }

    private void assertPlacedOn(Set<Integer> brokers) {
        Topic topic = image.topic("t").orElseThrow();
        for (PartitionAssignment partition : topic.partitions()) {
            assertThat(partition.replicas()).hasSize(3).allSatisfy(peer -> assertThat(brokers)
                    .contains(peer.nodeId()));
            assertThat(group(topic.partitionId(partition.partition())).voters())
                    .containsExactlyInAnyOrderElementsOf(partition.replicas());
        }
    }

    private interface Counted {
        List<PeerId> of(PartitionAssignment partition);
    }

    private void assertSpread(Counted counted) {
        Map<Integer, Integer> counts = new HashMap<>();
        image.brokers().keySet().forEach(id -> counts.put(id, 0));
        image.topic("t").orElseThrow().partitions().forEach(partition -> counted.of(partition)
                .forEach(peer -> counts.merge(peer.nodeId(), 1, Integer::sum)));
        int most = counts.values().stream().mapToInt(count -> count).max().orElseThrow();
        int fewest = counts.values().stream().mapToInt(count -> count).min().orElseThrow();
        assertThat(most - fewest).as("counts %s", counts).isLessThanOrEqualTo(1);
    }
}

package io.flotilla.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.AssignTargets;
import io.flotilla.metadata.MetadataCommand.EndOperation;
import io.flotilla.metadata.MetadataCommand.FenceBroker;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.TargetReplicas;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.partition.PartitionId;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each broker does when a partition goes on from one of three replicas. */
class RecoveryPlanTest {
    private static final UUID OPERATION = new UUID(4, 2);
    private static final PeerId SURVIVOR = new PeerId("1-d1");
    private static final PeerId RETURNING = new PeerId("2-d2");
    private static final int EPOCH_MIN = PartitionAssignment.EPOCHS_SKIPPED;

    private final FakeMetadata metadata = FakeMetadata.withThreeBrokers();
    private final FakeReplicas replicas = new FakeReplicas();
    private PartitionId partition = new PartitionId(new UUID(0, 0), 0);

    @BeforeEach
    void recoverFromOneOfThree() {
        Topic topic = metadata.create("orders", 1, 3);
        partition = topic.partitionId(0);
        metadata.change(
                new FenceBroker(2, "d2", 1_000),
                new FenceBroker(3, "d3", 1_000),
                new StartOperation(
                        OPERATION,
                        new Job.Recover(partition, SURVIVOR, List.of(RETURNING, new PeerId("3-d3")), 1),
                        2_000));
    }

    private ReplicaPlan planOf(PeerId self, Map<PartitionId, Integer> present) {
        return ReplicaPlan.between(metadata.image(), self, present);
    }

    private void led() {
        metadata.change(new ReportLeaders(
                List.of(new LeaderReport(partition, EPOCH_MIN + 1, 1, List.of(SURVIVOR), 1, FakeReplicas.KEPT_END))));
    }

    private PartitionAssignment assignment() {
        return metadata.image().partition(partition).orElseThrow();
    }

    @Test
    void shouldHaveTheSurvivorGoOnAndTheOthersLeave() {
        ReplicaPlan survivor = planOf(SURVIVOR, Map.of(partition, 0));
        assertThat(survivor.recoveries()).containsExactly(new ReplicaPlan.Recovery(partition, 1, EPOCH_MIN));
        assertThat(survivor.leftBehind()).isEmpty();

        ReplicaPlan other = planOf(RETURNING, Map.of(partition, 0));
        assertThat(other.leftBehind()).containsExactly(partition);
        assertThat(other.deletes()).as("what it has may be wanted yet").isEmpty();
        assertThat(other.joins()).isEmpty();
        assertThat(other.recoveries()).isEmpty();
    }

    @Test
    void shouldFoundAnIncarnationOnceOnly() {
        led();

        ReplicaPlan goneBack = planOf(SURVIVOR, Map.of(partition, 0));

        assertThat(goneBack.recoveries()).isEmpty();
        assertThat(goneBack.leftBehind()).containsExactly(partition);
        assertThat(planOf(SURVIVOR, Map.of(partition, 1)))
                .isEqualTo(new ReplicaPlan(List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void shouldTellTheMetadataWithWhatItGoesOn() {
        replicas.peers.put(partition, List.of());
        replicas.incarnations.put(partition, 1);
        replicas.led.put(partition, EPOCH_MIN + 1);

        List<LeaderReport> news = LeaderNews.of(metadata.image(), 1, replicas, 10);

        assertThat(news)
                .containsExactly(new LeaderReport(partition, EPOCH_MIN + 1, 1, List.of(), 1, FakeReplicas.KEPT_END));
        replicas.incarnations.put(partition, 0);
        assertThat(LeaderNews.of(metadata.image(), 1, replicas, 10))
                .as("of a group that was given up")
                .isEmpty();
    }

    @Test
    void shouldEndTheOperationWithWhatCameOfIt() {
        assertThat(ControllerPlan.next(metadata.image(), ControllerSettings.DEFAULT, 3_000))
                .isEmpty();

        led();

        EndOperation end = (EndOperation) ControllerPlan.next(metadata.image(), ControllerSettings.DEFAULT, 3_000)
                .orElseThrow();
        assertThat(end.state()).isEqualTo(Operation.State.DONE);
        assertThat(end.message()).contains("broker 1 leads", "before offset 420", "brokers 2,3 had is lost");
    }

    @Test
    void shouldGiveItAsManyReplicasAgainAsThereAreBrokersFor() {
        led();
        metadata.change(new FenceBroker(2, "d2", 0));

        AssignTargets two = (AssignTargets) ControllerPlan.next(metadata.image(), ControllerSettings.DEFAULT, 3_000)
                .orElseThrow();
        assertThat(two.targets()).containsExactly(new TargetReplicas(partition, List.of(SURVIVOR, RETURNING)));
        metadata.change(two);
        assertThat(planOf(RETURNING, Map.of(partition, 0)).leftBehind()).containsExactly(partition);
        assertThat(planOf(RETURNING, Map.of()).joins())
                .containsExactly(new ReplicaPlan.Joining(
                        partition,
                        1,
                        metadata.image().topic("orders").orElseThrow().settings()));

        metadata.change(
                new ReportLeaders(
                        List.of(new LeaderReport(partition, EPOCH_MIN + 1, 1, List.of(SURVIVOR, RETURNING), 1, 0))),
                new FenceBroker(3, "d3", 0));
        assertThat(assignment().replicas()).containsExactly(SURVIVOR, RETURNING);
        AssignTargets three = (AssignTargets) ControllerPlan.next(metadata.image(), ControllerSettings.DEFAULT, 3_000)
                .orElseThrow();
        assertThat(three.targets())
                .containsExactly(new TargetReplicas(partition, List.of(SURVIVOR, RETURNING, new PeerId("3-d3"))));
    }

    @Test
    void shouldPutAsideAndJoinInTwoStepsWithoutWaiting() {
        led();
        metadata.change(new FenceBroker(2, "d2", 0));
        metadata.change(ControllerPlan.next(metadata.image(), ControllerSettings.DEFAULT, 3_000)
                .orElseThrow());
        replicas.peers.put(partition, List.of());
        Reconciliation reconciliation = new Reconciliation(replicas, RETURNING, ReconcilerSettings.DEFAULT);

        assertThat(reconciliation.step(metadata.image(), 0)).isZero();
        reconciliation.step(metadata.image(), 0);

        assertThat(replicas.calls).containsExactly("put aside 0", "join 0");
        assertThat(replicas.incarnations).containsEntry(partition, 1);
    }
}

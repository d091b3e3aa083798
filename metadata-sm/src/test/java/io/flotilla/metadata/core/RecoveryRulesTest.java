package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Job;
import io.flotilla.metadata.LeaderReport;
import io.flotilla.metadata.MetadataCommand.FenceBroker;
import io.flotilla.metadata.MetadataCommand.ReportLeaders;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.PartitionAssignment;
import io.flotilla.metadata.Topic;
import io.flotilla.raftlog.raft.PeerId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A partition is recovered from one replica only if a majority is gone, and what that did is written down. */
class RecoveryRulesTest {
    private static final UUID OPERATION = new UUID(4, 2);
    private static final PeerId ONE = new PeerId("1-dir_1");
    private static final PeerId TWO = new PeerId("2-dir_2");
    private static final PeerId THREE = new PeerId("3-dir_3");

    private final MetadataImage healthy = imageAfter(broker(1), broker(2), broker(3), topic("orders", 2, 3));
    private final Topic orders = healthy.topic("orders").orElseThrow();
    private final MetadataImage led = imageAfter(healthy, led(2, 7, 0));
    private final MetadataImage majorityGone = imageAfter(led, fenced(2), fenced(3));

    private static FenceBroker fenced(int broker) {
        return new FenceBroker(broker, "dir_" + broker, 1_000);
    }

    private ReportLeaders led(int broker, int epoch, int incarnation) {
        return new ReportLeaders(
                List.of(new LeaderReport(orders.partitionId(0), epoch, broker, List.of(), incarnation, 0)));
    }

    private StartOperation recovery(PeerId survivor, PeerId... givenUp) {
        return new StartOperation(
                OPERATION, new Job.Recover(orders.partitionId(0), survivor, List.of(givenUp), 1), 5_000);
    }

    private PartitionAssignment partition(MetadataImage image) {
        return image.partition(orders.partitionId(0)).orElseThrow();
    }

    @Test
    void shouldRefuseWhileAMajorityLivesAndSayWhatToDoInstead() {
        MetadataImage oneGone = imageAfter(led, fenced(3));

        assertThat(rejected(oneGone, recovery(ONE, TWO, THREE)).message())
                .contains("a majority of the replicas of partition orders-0 lives", "brokers 1,2 of", "partition move");
    }

    @Test
    void shouldRefuseASurvivorThatIsNotHeardOf() {
        assertThat(rejected(majorityGone, recovery(TWO, ONE, THREE)).message())
                .contains("broker 2 is not heard of", "name one of 1");
    }

    @Test
    void shouldRefuseASurvivorThatIsNoVoter() {
        assertThat(rejected(majorityGone, recovery(new PeerId("4-dir_4"), TWO, THREE))
                        .message())
                .contains("broker 4 has no replica of partition orders-0 that votes");
    }

    @Test
    void shouldRefuseWhatWasDecidedByOtherReplicas() {
        assertThat(rejected(majorityGone, recovery(ONE, TWO)).message()).contains("have changed meanwhile");
    }

    @Test
    void shouldCountAWipedDiskAsGone() {
        MetadataImage wiped = imageAfter(led, broker(2, "other", ""), fenced(3));

        MetadataImage after = imageAfter(wiped, recovery(ONE, TWO, THREE));

        assertThat(partition(after).survivor()).contains(ONE);
    }

    @Test
    void shouldGoOnFromTheSurvivorAloneWithHigherEpochs() {
        MetadataImage after = imageAfter(majorityGone, recovery(ONE, TWO, THREE));

        PartitionAssignment recovering = partition(after);
        assertThat(recovering.incarnation()).isEqualTo(1);
        assertThat(recovering.holders()).containsExactly(ONE);
        assertThat(recovering.moved()).isTrue();
        assertThat(recovering.leader()).isEmpty();
        assertThat(recovering.leaderEpoch()).isEqualTo(7 + PartitionAssignment.EPOCHS_SKIPPED);
        assertThat(after.version()).isEqualTo(majorityGone.version() + 1);
        assertThat(after.topic("orders").orElseThrow().replicationFactor()).isEqualTo(3);
        assertThat(after.partition(orders.partitionId(1)))
                .as("the other partition")
                .isEqualTo(majorityGone.partition(orders.partitionId(1)));
        assertThat(OperationProgress.of(after, after.operations().get(0).job()).remaining())
                .containsExactly(orders.partitionId(0));
    }

    @Test
    void shouldBeginOnlyOnceWhenTheCommandComesTwice() {
        MetadataImage after = imageAfter(majorityGone, recovery(ONE, TWO, THREE));

        assertThat(imageAfter(after, recovery(ONE, TWO, THREE))).isSameAs(after);
    }

    @Test
    void shouldHearOfTheNewIncarnationOnly() {
        MetadataImage recovering = imageAfter(majorityGone, recovery(ONE, TWO, THREE));

        MetadataImage after = imageAfter(recovering, led(1, 5_000, 0), led(2, 5_000, 0));

        assertThat(after).isSameAs(recovering);
    }

    @Test
    void shouldWriteDownWithWhatItGoesOn() {
        MetadataImage recovering = imageAfter(majorityGone, recovery(ONE, TWO, THREE));

        MetadataImage after = imageAfter(recovering, reported(420));

        assertThat(partition(after).isRecovering()).isFalse();
        assertThat(partition(after).leader()).contains(1);
        Operation operation = after.operation(OPERATION).orElseThrow();
        assertThat(operation.message())
                .isEqualTo("broker 1 leads since epoch 1008 with the records before offset 420, which it had;"
                        + " what only brokers 2,3 had is lost");
        assertThat(OperationProgress.of(after, operation.job()).remaining()).isEmpty();
    }

    private ReportLeaders reported(long keptEnd) {
        return new ReportLeaders(List.of(new LeaderReport(orders.partitionId(0), 1_008, 1, List.of(ONE), 1, keptEnd)));
    }

    @Test
    void shouldRefuseASecondRecoveryOnTopOfTheFirst() {
        MetadataImage recovering = imageAfter(majorityGone, recovery(ONE, TWO, THREE));
        StartOperation again =
                new StartOperation(new UUID(4, 3), new Job.Recover(orders.partitionId(0), ONE, List.of(), 2), 7_000);

        assertThat(rejected(recovering, again).message()).contains("is being recovered already");
        assertThat(rejected(imageAfter(recovering, reported(420)), again).message())
                .contains("a majority of the replicas of partition orders-0 lives");
    }
}

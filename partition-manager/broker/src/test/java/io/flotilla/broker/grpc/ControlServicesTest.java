package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.broker.embedded.EmbeddedCluster;
import io.flotilla.broker.embedded.EmbeddedSettings;
import io.flotilla.metadata.FeatureLevels;
import io.flotilla.protocol.v1.BrokerDescription;
import io.flotilla.protocol.v1.CancelOperationRequest;
import io.flotilla.protocol.v1.ChangeReplicationFactorRequest;
import io.flotilla.protocol.v1.CreateTopicRequest;
import io.flotilla.protocol.v1.DecommissionBrokerRequest;
import io.flotilla.protocol.v1.DescribeClusterRequest;
import io.flotilla.protocol.v1.DescribeTopicsRequest;
import io.flotilla.protocol.v1.DrainBrokerRequest;
import io.flotilla.protocol.v1.GetOperationRequest;
import io.flotilla.protocol.v1.ListOperationsRequest;
import io.flotilla.protocol.v1.MovePartitionRequest;
import io.flotilla.protocol.v1.Operation;
import io.flotilla.protocol.v1.OperationState;
import io.flotilla.protocol.v1.PartitionDescription;
import io.flotilla.protocol.v1.RebalanceClusterRequest;
import io.flotilla.protocol.v1.RecoverPartitionRequest;
import io.flotilla.protocol.v1.TopicPartition;
import io.flotilla.protocol.v1.UpgradeClusterRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two real brokers, of which the first alone keeps the metadata, told where replicas and leaderships shall be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fixture is made before the first test
class ControlServicesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VOTER = 1;
    private static final int OTHER = 2;
    private static final String UNKNOWN_ID = "0123456789abcdef0123456789abcdef";

    private EmbeddedCluster running;
    private WireClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = EmbeddedCluster.start(new EmbeddedSettings(2, folder.resolve("cluster"), 0));
        client = new WireClient(running.brokers().get(0));
    }

    @AfterAll
    void stop() {
        client.close();
        running.close();
    }

    @Test
    void shouldMoveAPartitionToTheBrokersNamed() {
        TopicPartition partition = createTopic(client, "moved", 1);
        int source = partition(partition).getReplicaBrokerIds(0);
        int destination = VOTER + OTHER - source;

        Operation begun =
                client.partitions().movePartition(move(partition, destination)).getOperation();

        assertThat(begun.getMove().getPartition()).isEqualTo(partition);
        assertThat(begun.getMove().getBrokerIdsList()).containsExactly(destination);
        assertThat(begun.getPartitionsAtStart()).isOne();
        assertThat(done(begun).getPartitionsRemaining()).isZero();
        assertThat(partition(partition).getReplicaBrokerIdsList()).containsExactly(destination);
        assertThat(partition(partition).getTargetBrokerIdsList()).isEmpty();
    }

    @Test
    void shouldGiveATopicMoreReplicas() {
        TopicPartition partition = createTopic(client, "replicated", 1);

        Operation begun = client.partitions()
                .changeReplicationFactor(replication("replicated", 2))
                .getOperation();

        assertThat(begun.getReplication().getTopic()).isEqualTo("replicated");
        done(begun);
        assertThat(partition(partition).getReplicaBrokerIdsList()).containsExactlyInAnyOrder(VOTER, OTHER);
    }

    @Test
    void shouldBeginOneOperationHoweverOftenItIsAskedTo() {
        RebalanceClusterRequest request = RebalanceClusterRequest.newBuilder()
                .setOperationId("00000000000000010000000000000002")
                .build();

        Operation first = client.cluster().rebalanceCluster(request).getOperation();
        Operation second = client.cluster().rebalanceCluster(request).getOperation();

        assertThat(second.getOperationId()).isEqualTo(first.getOperationId()).isEqualTo(request.getOperationId());
        assertThat(second.getStartedAt()).isEqualTo(first.getStartedAt());
        assertThat(client.operations()
                        .listOperations(ListOperationsRequest.getDefaultInstance())
                        .getOperationsList())
                .filteredOn(operation -> operation.getOperationId().equals(request.getOperationId()))
                .hasSize(1);
        assertThat(done(first).hasEndedAt()).isTrue();
    }

    @Test
    void shouldTellWhichBrokersAreDrained() {
        BrokerDescription drained = drain(OTHER, true);

        assertThat(drained.getDraining()).isTrue();
        assertThat(broker(OTHER).getDraining()).isTrue();
        assertThat(broker(VOTER).getDraining()).isFalse();
        assertThat(drain(OTHER, false).getDraining()).isFalse();
        assertThat(broker(OTHER).getDraining()).isFalse();
    }

    @Test
    void shouldTakeABrokerOutOfTheClusterOnceItHasNoReplicas(@TempDir Path folder) throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(2, folder.resolve("two"), 0));
                WireClient any = new WireClient(cluster.brokers().get(0))) {
            createTopic(any, "orders", 1);

            Operation begun =
                    any.cluster().decommissionBroker(decommission(OTHER)).getOperation();

            assertThat(begun.getDecommission().getBrokerId()).isEqualTo(OTHER);
            await().atMost(PATIENCE).until(() -> state(any, begun) == OperationState.OPERATION_STATE_DONE);
            assertThat(any.cluster()
                            .describeCluster(DescribeClusterRequest.getDefaultInstance())
                            .getBrokersList())
                    .extracting(known -> known.getEndpoint().getBrokerId())
                    .containsExactly(VOTER);
        }
    }

    @Test
    void shouldRefuseToTakeOutTheOnlyBrokerThatCanVoteOnTheMetadata(@TempDir Path folder) throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(new EmbeddedSettings(1, folder.resolve("one"), 0));
                WireClient any = new WireClient(cluster.brokers().get(0))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertRefused(
                            () -> any.cluster().decommissionBroker(decommission(VOTER)),
                            "CONFLICT",
                            "broker 1 votes on the cluster's metadata together with [1]",
                            "add a broker first"));
        }
    }

    @Test
    void shouldTellTheFeatureLevelAndRaiseItNoFurtherThanEveryBrokerSpeaks() {
        int level = client.cluster()
                .describeCluster(DescribeClusterRequest.getDefaultInstance())
                .getFeatureLevel();

        assertThat(level).isEqualTo(FeatureLevels.SUPPORTED.max());
        assertThat(client.cluster()
                        .upgradeCluster(UpgradeClusterRequest.getDefaultInstance())
                        .getFeatureLevel())
                .isEqualTo(level);
        assertRefused(
                () -> client.cluster()
                        .upgradeCluster(UpgradeClusterRequest.newBuilder()
                                .setFeatureLevel(level + 1)
                                .build()),
                "CONFLICT",
                "cannot go to feature level " + (level + 1),
                "broker 1 (level " + FeatureLevels.SUPPORTED + ")");
        assertRefused(
                () -> client.cluster()
                        .upgradeCluster(UpgradeClusterRequest.newBuilder()
                                .setFeatureLevel(-1)
                                .build()),
                "INVALID_REQUEST",
                "cannot go back to -1");
    }

    @Test
    void shouldRefuseToTakeOutABrokerThatATopicNeeds() {
        createTopic(client, "needs-both", 2);

        assertRefused(
                () -> client.cluster().decommissionBroker(decommission(OTHER)),
                "INVALID_REPLICATION_FACTOR",
                "broker 2 cannot leave",
                "only 1 brokers would stay");
    }

    @Test
    void shouldRefuseBrokersThatDoNotExist() {
        TopicPartition partition = createTopic(client, "to-nowhere", 1);

        assertRefused(() -> drain(7, true), "UNKNOWN_BROKER", "broker 7 is not registered");
        assertRefused(
                () -> client.cluster().decommissionBroker(decommission(7)),
                "UNKNOWN_BROKER",
                "broker 7 is not registered");
        assertRefused(
                () -> client.partitions().movePartition(move(partition, 1, 7)),
                "UNKNOWN_BROKER",
                "no broker 7, only [1, 2]");
    }

    @Test
    void shouldRefuseMovesThatCannotBe() {
        TopicPartition partition = createTopic(client, "immovable", 1);

        assertRefused(
                () -> client.partitions().movePartition(move(partition, 1, 1)),
                "INVALID_REQUEST",
                "broker 1 is named twice");
        assertRefused(
                () -> client.partitions().movePartition(move(partition)), "INVALID_REQUEST", "cannot have 0 replicas");
        assertRefused(
                () -> client.partitions().movePartition(move(WireClient.partition("immovable", 1), 1)),
                "UNKNOWN_PARTITION",
                "partitions 0 to 0, not 1");
        assertRefused(
                () -> client.partitions().movePartition(move(WireClient.partition("immovable", -1), 1)),
                "UNKNOWN_PARTITION",
                "not -1");
        assertRefused(
                () -> client.partitions().movePartition(move(WireClient.partition("nowhere", 0), 1)),
                "UNKNOWN_TOPIC",
                "nowhere");
    }

    @Test
    void shouldRefuseReplicationFactorsThatCannotBe() {
        createTopic(client, "irreplicable", 1);

        for (int factor : List.of(-1, 0, 3, 16)) {
            assertRefused(
                    () -> client.partitions().changeReplicationFactor(replication("irreplicable", factor)),
                    "INVALID_REPLICATION_FACTOR",
                    "cannot have " + factor + " replicas");
        }
        assertRefused(
                () -> client.partitions().changeReplicationFactor(replication("nowhere", 1)),
                "UNKNOWN_TOPIC",
                "nowhere");
    }

    @Test
    void shouldRefuseIdsOfNoOperation() {
        assertRefused(() -> operation(client, UNKNOWN_ID), "UNKNOWN_OPERATION", "no operation " + UNKNOWN_ID);
        assertRefused(() -> operation(client, "17"), "INVALID_REQUEST", "'17' is no id");
        assertRefused(() -> cancel(UNKNOWN_ID), "UNKNOWN_OPERATION", "there is no operation");
        assertRefused(() -> cancel(""), "INVALID_REQUEST", "'' is no id");
        assertRefused(
                () -> client.operations()
                        .getOperation(GetOperationRequest.newBuilder()
                                .setOperationId(UNKNOWN_ID)
                                .setPartitionsMax(-1)
                                .build()),
                "INVALID_REQUEST",
                "partitions_max -1 is outside [0, 10000]");
    }

    @Test
    void shouldLeaveAnEndedOperationAsItIsWhenItIsCancelled() {
        TopicPartition partition = createTopic(client, "stays", 1);
        int broker = partition(partition).getReplicaBrokerIds(0);
        Operation ended =
                done(client.partitions().movePartition(move(partition, broker)).getOperation());

        assertThat(cancel(ended.getOperationId())).isEqualTo(ended);
    }

    @Test
    void shouldRefuseToRecoverWhatNobodyLostOrSomebodyMisspelled() {
        TopicPartition partition = createTopic(client, "whole", 2);

        assertRefused(
                () -> client.partitions().recoverPartition(recovery(partition, VOTER, "")),
                "INVALID_REQUEST",
                "a majority of the replicas of partition whole-0 lives",
                "partition move whole 0");
        assertRefused(
                () -> client.partitions().recoverPartition(recovery(partition, VOTER, "whole-1")),
                "INVALID_REQUEST",
                "'whole-1'",
                "'whole-0'",
                "nothing was changed");
        assertRefused(
                () -> client.partitions().recoverPartition(recovery(partition, 7, "")),
                "UNKNOWN_BROKER",
                "no broker 7");
    }

    /** Creates a topic of one partition and waits until that is led, by whichever broker. */
    private static TopicPartition createTopic(WireClient any, String name, int replicationFactor) {
        any.topics()
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(name)
                        .setPartitionCount(1)
                        .setReplicationFactor(replicationFactor)
                        .build());
        await().atMost(PATIENCE).until(() -> any.leaderOf(name) >= 0);
        return WireClient.partition(name, 0);
    }

    private Operation done(Operation begun) {
        await().atMost(PATIENCE).until(() -> state(client, begun) == OperationState.OPERATION_STATE_DONE);
        return operation(client, begun.getOperationId());
    }

    private static OperationState state(WireClient any, Operation begun) {
        return operation(any, begun.getOperationId()).getState();
    }

    private static Operation operation(WireClient any, String id) {
        return any.operations()
                .getOperation(
                        GetOperationRequest.newBuilder().setOperationId(id).build())
                .getOperation();
    }

    private Operation cancel(String id) {
        return client.operations()
                .cancelOperation(
                        CancelOperationRequest.newBuilder().setOperationId(id).build())
                .getOperation();
    }

    private BrokerDescription drain(int brokerId, boolean draining) {
        return client.cluster()
                .drainBroker(DrainBrokerRequest.newBuilder()
                        .setBrokerId(brokerId)
                        .setDraining(draining)
                        .build())
                .getBroker();
    }

    private static DecommissionBrokerRequest decommission(int brokerId) {
        return DecommissionBrokerRequest.newBuilder().setBrokerId(brokerId).build();
    }

    private static MovePartitionRequest move(TopicPartition partition, Integer... brokerIds) {
        return MovePartitionRequest.newBuilder()
                .setPartition(partition)
                .addAllBrokerIds(Arrays.asList(brokerIds))
                .build();
    }

    private static RecoverPartitionRequest recovery(TopicPartition partition, int survivor, String acceptLoss) {
        return RecoverPartitionRequest.newBuilder()
                .setPartition(partition)
                .setSurvivorBrokerId(survivor)
                .setAcceptLoss(acceptLoss)
                .build();
    }

    private static ChangeReplicationFactorRequest replication(String topic, int factor) {
        return ChangeReplicationFactorRequest.newBuilder()
                .setTopic(topic)
                .setReplicationFactor(factor)
                .build();
    }

    private BrokerDescription broker(int id) {
        return client.cluster().describeCluster(DescribeClusterRequest.getDefaultInstance()).getBrokersList().stream()
                .filter(broker -> broker.getEndpoint().getBrokerId() == id)
                .findFirst()
                .orElseThrow();
    }

    private PartitionDescription partition(TopicPartition partition) {
        return client.topics()
                .describeTopics(DescribeTopicsRequest.newBuilder()
                        .addNames(partition.getTopic())
                        .build())
                .getTopics(0)
                .getPartitions(partition.getPartition());
    }

    private static void assertRefused(ThrowingCallable call, String reason, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(WireClient.reasonOf(failure)).isEqualTo("ERROR_REASON_" + reason);
            assertThat(failure.getStatus().getDescription()).contains(parts);
        });
    }
}

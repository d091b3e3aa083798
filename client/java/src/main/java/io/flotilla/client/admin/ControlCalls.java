package io.flotilla.client.admin;

import io.flotilla.client.BrokerDescription;
import io.flotilla.client.ClientSettings;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.transport.Answers;
import io.flotilla.client.transport.BrokerCalls;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CancelOperationRequest;
import io.flotilla.protocol.v1.ChangeReplicationFactorRequest;
import io.flotilla.protocol.v1.ClusterServiceGrpc;
import io.flotilla.protocol.v1.DecommissionBrokerRequest;
import io.flotilla.protocol.v1.DrainBrokerRequest;
import io.flotilla.protocol.v1.GetOperationRequest;
import io.flotilla.protocol.v1.ListOperationsRequest;
import io.flotilla.protocol.v1.MovePartitionRequest;
import io.flotilla.protocol.v1.OperationServiceGrpc;
import io.flotilla.protocol.v1.PartitionServiceGrpc;
import io.flotilla.protocol.v1.RebalanceClusterRequest;
import io.flotilla.protocol.v1.RecoverPartitionRequest;
import io.flotilla.protocol.v1.RecoverPartitionResponse;
import io.flotilla.protocol.v1.UpgradeClusterRequest;
import io.grpc.MethodDescriptor;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Calls to the control plane. Whatever begins an operation names it, so that a call that is tried again begins no second
 * one.
 *
 * <p>Threading: safe; calls block.
 */
final class ControlCalls {
    private final ClientSettings settings;
    private final BrokerCalls calls;

    ControlCalls(ClientSettings settings, BrokerCalls calls) {
        this.settings = settings;
        this.calls = calls;
    }

    BrokerDescription drain(int brokerId, boolean draining) {
        DrainBrokerRequest request = DrainBrokerRequest.newBuilder()
                .setBrokerId(brokerId)
                .setDraining(draining)
                .build();
        return Descriptions.broker(
                ask(ClusterServiceGrpc.getDrainBrokerMethod(), request).getBroker());
    }

    OperationDescription decommission(int brokerId) {
        DecommissionBrokerRequest request = DecommissionBrokerRequest.newBuilder()
                .setBrokerId(brokerId)
                .setOperationId(randomId())
                .build();
        return Operations.operation(
                ask(ClusterServiceGrpc.getDecommissionBrokerMethod(), request).getOperation());
    }

    OperationDescription move(TopicPartition partition, List<Integer> brokerIds) {
        MovePartitionRequest request = MovePartitionRequest.newBuilder()
                .setPartition(WirePartition.toProto(partition))
                .addAllBrokerIds(brokerIds)
                .setOperationId(randomId())
                .build();
        return Operations.operation(
                ask(PartitionServiceGrpc.getMovePartitionMethod(), request).getOperation());
    }

    List<RecoverableReplica> recoverableReplicas(TopicPartition partition, int survivorBrokerId) {
        return recovery(partition, survivorBrokerId, "").getReplicasList().stream()
                .map(Operations::recoverable)
                .toList();
    }

    OperationDescription recover(TopicPartition partition, int survivorBrokerId, String acceptLoss) {
        if (acceptLoss.isEmpty()) { // which only asks
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "the loss is not accepted; name the partition once more: " + partition.topic() + "-"
                            + partition.partition());
        }
        return Operations.operation(
                recovery(partition, survivorBrokerId, acceptLoss).getOperation());
    }

    private RecoverPartitionResponse recovery(TopicPartition partition, int survivorBrokerId, String acceptLoss) {
        RecoverPartitionRequest request = RecoverPartitionRequest.newBuilder()
                .setPartition(WirePartition.toProto(partition))
                .setSurvivorBrokerId(survivorBrokerId)
                .setAcceptLoss(acceptLoss)
                .setOperationId(randomId())
                .build();
        return ask(PartitionServiceGrpc.getRecoverPartitionMethod(), request);
    }

    OperationDescription changeReplicationFactor(String topic, int replicationFactor) {
        ChangeReplicationFactorRequest request = ChangeReplicationFactorRequest.newBuilder()
                .setTopic(topic)
                .setReplicationFactor(replicationFactor)
                .setOperationId(randomId())
                .build();
        return Operations.operation(ask(PartitionServiceGrpc.getChangeReplicationFactorMethod(), request)
                .getOperation());
    }

    OperationDescription rebalance() {
        RebalanceClusterRequest request =
                RebalanceClusterRequest.newBuilder().setOperationId(randomId()).build();
        return Operations.operation(
                ask(ClusterServiceGrpc.getRebalanceClusterMethod(), request).getOperation());
    }

    int upgrade(OptionalInt featureLevel) {
        UpgradeClusterRequest request = UpgradeClusterRequest.newBuilder()
                .setFeatureLevel(featureLevel.orElse(0))
                .build();
        return ask(ClusterServiceGrpc.getUpgradeClusterMethod(), request).getFeatureLevel();
    }

    List<OperationDescription> operations() {
        return ask(OperationServiceGrpc.getListOperationsMethod(), ListOperationsRequest.getDefaultInstance())
                .getOperationsList()
                .stream()
                .map(Operations::operation)
                .toList();
    }

    OperationDescription operation(String id) {
        GetOperationRequest request =
                GetOperationRequest.newBuilder().setOperationId(id).build();
        return Operations.operation(ask(OperationServiceGrpc.getGetOperationMethod(), request));
    }

    OperationDescription cancel(String id) {
        CancelOperationRequest request =
                CancelOperationRequest.newBuilder().setOperationId(id).build();
        return Operations.operation(
                ask(OperationServiceGrpc.getCancelOperationMethod(), request).getOperation());
    }

    static String randomId() {
        UUID id = UUID.randomUUID();
        return HexFormat.of().toHexDigits(id.getMostSignificantBits())
                + HexFormat.of().toHexDigits(id.getLeastSignificantBits());
    }

    private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
        return Answers.await(calls.atAny(method, request, settings.requestTimeout()));
    }
}

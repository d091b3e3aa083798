package io.flotilla.client.admin;

import io.flotilla.client.MovingPartition;
import io.flotilla.client.OperationDescription;
import io.flotilla.client.OperationJob;
import io.flotilla.client.OperationState;
import io.flotilla.client.RecoverableReplica;
import io.flotilla.client.transport.WirePartition;
import io.flotilla.protocol.v1.GetOperationResponse;
import io.flotilla.protocol.v1.Operation;
import java.util.List;
import java.util.Optional;

/** Long operations, from the wire to the API. */
final class Operations {
    private Operations() {}

    static OperationDescription operation(Operation wire) {
        return operation(wire, List.of());
    }

    static OperationDescription operation(GetOperationResponse wire) {
        return operation(
                wire.getOperation(),
                wire.getRemainingList().stream().map(Operations::moving).toList());
    }

    private static OperationDescription operation(Operation wire, List<MovingPartition> remaining) {
        return new OperationDescription(
                wire.getOperationId(),
                job(wire),
                state(wire.getState()),
                Descriptions.instant(wire.getStartedAt()),
                wire.hasEndedAt() ? Optional.of(Descriptions.instant(wire.getEndedAt())) : Optional.empty(),
                wire.getPartitionsAtStart(),
                wire.getPartitionsRemaining(),
                wire.getMessage(),
                remaining);
    }

    private static MovingPartition moving(io.flotilla.protocol.v1.MovingPartition wire) {
        return new MovingPartition(
                WirePartition.fromProto(wire.getPartition()),
                wire.getReplicaBrokerIdsList(),
                wire.getTargetBrokerIdsList(),
                wire.getVoterBrokerIdsList());
    }

    static RecoverableReplica recoverable(io.flotilla.protocol.v1.RecoverableReplica wire) {
        return new RecoverableReplica(
                wire.getBrokerId(),
                wire.hasFencedSince() ? Optional.of(Descriptions.instant(wire.getFencedSince())) : Optional.empty(),
                wire.getUnknownBecause(),
                wire.getLogStartOffset(),
                wire.getHighWatermark(),
                wire.getLastIndex(),
                wire.getLastTerm(),
                wire.getFailure());
    }

    private static OperationJob job(Operation wire) {
        return switch (wire.getJobCase()) {
            case DECOMMISSION ->
                new OperationJob.Decommission(wire.getDecommission().getBrokerId());
            case MOVE ->
                new OperationJob.Move(
                        WirePartition.fromProto(wire.getMove().getPartition()),
                        wire.getMove().getBrokerIdsList());
            case REPLICATION ->
                new OperationJob.ChangeReplication(
                        wire.getReplication().getTopic(), wire.getReplication().getReplicationFactor());
            case REBALANCE -> new OperationJob.Rebalance();
            case RECOVER ->
                new OperationJob.Recover(
                        WirePartition.fromProto(wire.getRecover().getPartition()),
                        wire.getRecover().getSurvivorBrokerId(),
                        wire.getRecover().getGivenUpBrokerIdsList());
            case JOB_NOT_SET -> new OperationJob.Other();
        };
    }

    private static OperationState state(io.flotilla.protocol.v1.OperationState wire) {
        return switch (wire) {
            case OPERATION_STATE_RUNNING -> OperationState.RUNNING;
            case OPERATION_STATE_DONE -> OperationState.DONE;
            case OPERATION_STATE_FAILED -> OperationState.FAILED;
            case OPERATION_STATE_CANCELLED -> OperationState.CANCELLED;
            case OPERATION_STATE_UNSPECIFIED, UNRECOGNIZED -> OperationState.UNKNOWN;
        };
    }
}

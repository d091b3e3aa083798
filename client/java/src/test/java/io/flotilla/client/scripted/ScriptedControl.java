package io.flotilla.client.scripted;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.v1.GetOperationRequest;
import io.flotilla.protocol.v1.GetOperationResponse;
import io.flotilla.protocol.v1.MoveJob;
import io.flotilla.protocol.v1.MovePartitionRequest;
import io.flotilla.protocol.v1.MovePartitionResponse;
import io.flotilla.protocol.v1.MovingPartition;
import io.flotilla.protocol.v1.Operation;
import io.flotilla.protocol.v1.OperationServiceGrpc.OperationServiceImplBase;
import io.flotilla.protocol.v1.OperationState;
import io.flotilla.protocol.v1.PartitionServiceGrpc.PartitionServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** What a scripted broker knows of the control plane: moves that never end, begun by calls whose first answer is lost. */
final class ScriptedControl {
    private final ScriptedBroker broker;

    ScriptedControl(ScriptedBroker broker) {
        this.broker = broker;
    }

    PartitionServiceImplBase partitions() {
        return new PartitionServiceImplBase() {
            @Override
            public void movePartition(MovePartitionRequest request, StreamObserver<MovePartitionResponse> answers) {
                Operation begun = Operation.newBuilder()
                        .setOperationId(request.getOperationId())
                        .setState(OperationState.OPERATION_STATE_RUNNING)
                        .setPartitionsAtStart(1)
                        .setPartitionsRemaining(1)
                        .setMove(MoveJob.newBuilder()
                                .setPartition(request.getPartition())
                                .addAllBrokerIds(request.getBrokerIdsList()))
                        .build();
                if (broker.cluster.operations.put(request.getOperationId(), begun) == null) {
                    answers.onError(Status.UNAVAILABLE.asRuntimeException());
                    return;
                }
                answers.onNext(
                        MovePartitionResponse.newBuilder().setOperation(begun).build());
                answers.onCompleted();
            }
        };
    }

    OperationServiceImplBase operations() {
        return new OperationServiceImplBase() {
            @Override
            public void getOperation(GetOperationRequest request, StreamObserver<GetOperationResponse> answers) {
                Operation found = broker.cluster.operations.get(request.getOperationId());
                if (found == null) {
                    answers.onError(broker.error(ErrorCode.UNKNOWN_OPERATION, null));
                    return;
                }
                answers.onNext(GetOperationResponse.newBuilder()
                        .setOperation(found)
                        .addRemaining(MovingPartition.newBuilder()
                                .setPartition(found.getMove().getPartition())
                                .addReplicaBrokerIds(0)
                                .addAllTargetBrokerIds(found.getMove().getBrokerIdsList())
                                .addVoterBrokerIds(0))
                        .build());
                answers.onCompleted();
            }
        };
    }
}

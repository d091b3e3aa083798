package io.flotilla.broker.grpc;

import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.v1.ChangeReplicationFactorRequest;
import io.flotilla.protocol.v1.ChangeReplicationFactorResponse;
import io.flotilla.protocol.v1.MovePartitionRequest;
import io.flotilla.protocol.v1.MovePartitionResponse;
import io.flotilla.protocol.v1.PartitionServiceGrpc.PartitionServiceImplBase;
import io.flotilla.protocol.v1.RecoverPartitionRequest;
import io.flotilla.protocol.v1.RecoverPartitionResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.PartitionService}. */
final class PartitionEndpoint extends PartitionServiceImplBase {
    private final ControlRequests requests;
    private final PartitionRecovery recovery;
    private final UnaryAnswer answers;

    PartitionEndpoint(ControlRequests requests, PartitionRecovery recovery, ErrorAnswers errors, Executor executor) {
        this.requests = requests;
        this.recovery = recovery;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void movePartition(MovePartitionRequest request, StreamObserver<MovePartitionResponse> observer) {
        PartitionName name = Payloads.name(request.getPartition());
        answers.send(
                observer,
                name,
                () -> requests.move(
                        WireIds.chosenOperation(request.getOperationId()), name, request.getBrokerIdsList()),
                operation -> MovePartitionResponse.newBuilder()
                        .setOperation(OperationDescriptions.describe(operation, requests.image()))
                        .build());
    }

    @Override
    public void recoverPartition(RecoverPartitionRequest request, StreamObserver<RecoverPartitionResponse> observer) {
        answers.send(observer, Payloads.name(request.getPartition()), () -> recovery.recover(request));
    }

    @Override
    public void changeReplicationFactor(
            ChangeReplicationFactorRequest request, StreamObserver<ChangeReplicationFactorResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.changeReplicationFactor(
                        WireIds.chosenOperation(request.getOperationId()),
                        request.getTopic(),
                        request.getReplicationFactor()),
                operation -> ChangeReplicationFactorResponse.newBuilder()
                        .setOperation(OperationDescriptions.describe(operation, requests.image()))
                        .build());
    }
}

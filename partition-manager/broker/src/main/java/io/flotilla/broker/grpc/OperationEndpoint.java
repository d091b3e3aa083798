package io.flotilla.broker.grpc;

import io.flotilla.metadata.MetadataImage;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.CancelOperationRequest;
import io.flotilla.protocol.v1.CancelOperationResponse;
import io.flotilla.protocol.v1.GetOperationRequest;
import io.flotilla.protocol.v1.GetOperationResponse;
import io.flotilla.protocol.v1.ListOperationsRequest;
import io.flotilla.protocol.v1.ListOperationsResponse;
import io.flotilla.protocol.v1.OperationServiceGrpc.OperationServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code flotilla.v1.OperationService}. */
final class OperationEndpoint extends OperationServiceImplBase {
    private static final int PARTITIONS_DEFAULT = 100;
    private static final int PARTITIONS_MAX = 10_000;

    private final ControlRequests requests;
    private final UnaryAnswer answers;

    OperationEndpoint(ControlRequests requests, ErrorAnswers errors, Executor executor) {
        this.requests = requests;
        this.answers = new UnaryAnswer(errors, executor);
    }

    @Override
    public void listOperations(ListOperationsRequest request, StreamObserver<ListOperationsResponse> observer) {
        answers.send(observer, null, () -> {
            MetadataImage image = requests.image();
            ListOperationsResponse.Builder response = ListOperationsResponse.newBuilder();
            image.operations()
                    .forEach(operation -> response.addOperations(OperationDescriptions.describe(operation, image)));
            return CompletableFuture.completedFuture(response.build());
        });
    }

    @Override
    public void getOperation(GetOperationRequest request, StreamObserver<GetOperationResponse> observer) {
        answers.send(observer, null, () -> {
            UUID id = WireIds.operation(request.getOperationId());
            int partitionsMax = partitionsMax(request.getPartitionsMax());
            MetadataImage image = requests.image();
            return CompletableFuture.completedFuture(
                    OperationDescriptions.describe(ControlRequests.find(image, id), image, partitionsMax));
        });
    }

    private static int partitionsMax(int asked) {
        if (asked < 0 || asked > PARTITIONS_MAX) {
            throw new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "partitions_max " + asked + " is outside [0, " + PARTITIONS_MAX + "]",
                    Map.of("partitions_max", Integer.toString(asked)));
        }
        return asked == 0 ? PARTITIONS_DEFAULT : asked;
    }

    @Override
    public void cancelOperation(CancelOperationRequest request, StreamObserver<CancelOperationResponse> observer) {
        answers.send(
                observer,
                null,
                () -> requests.cancel(WireIds.operation(request.getOperationId())),
                operation -> CancelOperationResponse.newBuilder()
                        .setOperation(OperationDescriptions.describe(operation, requests.image()))
                        .build());
    }
}

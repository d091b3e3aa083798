package io.flotilla.broker.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.NotLeader;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;

/** What another broker answered, as the exception it had there. */
final class RemoteErrors {
    private static final String REASON_PREFIX = "ERROR_REASON_";

    private RemoteErrors() {}

    static LogException of(Throwable failure, String broker) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status != null) {
            try {
                return typed(status, broker);
            } catch (InvalidProtocolBufferException | IllegalArgumentException unknown) {
                return unreachable(failure, broker);
            }
        }
        return unreachable(failure, broker);
    }

    private static LogException typed(com.google.rpc.Status status, String broker)
            throws InvalidProtocolBufferException {
        Optional<ErrorCode> code = Optional.empty();
        Map<String, String> details = Map.of();
        for (Any detail : status.getDetailsList()) {
            if (detail.is(NotLeader.class)) {
                NotLeader notLeader = detail.unpack(NotLeader.class);
                return new io.flotilla.protocol.error.NotLeader(
                        status.getMessage(),
                        notLeader.getLeaderEpoch(),
                        notLeader.hasLeader()
                                ? Optional.of(notLeader.getLeader().getBrokerId())
                                : Optional.empty());
            }
            if (detail.is(ErrorInfo.class)) {
                ErrorInfo info = detail.unpack(ErrorInfo.class);
                code = Optional.of(ErrorCode.valueOf(info.getReason().substring(REASON_PREFIX.length())));
                details = info.getMetadataMap();
            }
        }
        return new Refused(
                code.orElse(ErrorCode.BROKER_NOT_AVAILABLE),
                broker + ": "
                        + (code.isPresent()
                                ? ""
                                : Status.fromCodeValue(status.getCode()).getCode() + " ") + status.getMessage(),
                details);
    }

    private static Refused unreachable(Throwable failure, String broker) {
        String reason = failure instanceof StatusRuntimeException call
                ? call.getStatus().getCode() + " " + call.getStatus().getDescription()
                : failure.toString();
        return new Refused(ErrorCode.BROKER_NOT_AVAILABLE, broker + " does not answer: " + reason, Map.of(), failure);
    }
}

package io.flotilla.client.transport;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.client.BrokerAddress;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.error.Refused;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed, as the broker meant it: rebuilt from the {@code google.rpc.Status} that came with it.
 *
 * @param cause      what the caller can act on
 * @param leaderHint present where a broker said who leads instead
 */
public record Failure(LogException cause, Optional<LeaderHint> leaderHint) {
    private static final String DOMAIN = "flotilla";
    private static final String REASON_PREFIX = "ERROR_REASON_";

    public static Failure of(ErrorCode code, String message) {
        return new Failure(new Refused(code, message), Optional.empty());
    }

    /** The failure of a call to {@code broker}. */
    public static Failure of(Throwable thrown, BrokerAddress broker) {
        if (thrown instanceof LogException known) {
            return new Failure(known, Optional.empty());
        }
        com.google.rpc.Status detailed = StatusProto.fromThrowable(thrown);
        if (detailed != null && detailed.getDetailsCount() > 0) {
            return of(detailed, broker);
        }
        Status status = Status.fromThrowable(thrown);
        String description = status.getDescription() == null ? "no further detail" : status.getDescription();
        return new Failure(
                new Refused(
                        codeWithoutDetail(status.getCode()),
                        "broker " + broker + " failed the call with " + status.getCode() + ": " + description
                                + causeOf(status),
                        Map.of("broker", broker.toString()),
                        thrown),
                Optional.empty());
    }

    /** The failure that {@code broker} reported inside a message. */
    public static Failure of(com.google.rpc.Status status, BrokerAddress broker) {
        Optional<ErrorInfo> info = detail(status, ErrorInfo.class).filter(i -> DOMAIN.equals(i.getDomain()));
        Optional<LeaderHint> hint =
                detail(status, io.flotilla.protocol.v1.NotLeader.class).map(LeaderHint::of);
        ErrorCode code = info.flatMap(i -> codeOf(i.getReason()))
                .orElseGet(() ->
                        codeWithoutDetail(Status.fromCodeValue(status.getCode()).getCode()));
        Map<String, String> details =
                new HashMap<>(info.map(ErrorInfo::getMetadataMap).orElse(Map.of()));
        details.put("broker", broker.toString());
        return new Failure(exception(code, status.getMessage(), details, hint), hint);
    }

    public ErrorCode code() {
        return cause.code();
    }

    /** The leader the hint names, unless it is the broker that failed. */
    public Optional<BrokerAddress> leaderOtherThan(BrokerAddress failed) {
        return leaderHint.flatMap(LeaderHint::leader).filter(leader -> !leader.equals(failed));
    }

    private static LogException exception(
            ErrorCode code, String message, Map<String, String> details, Optional<LeaderHint> hint) {
        if (code == ErrorCode.NOT_LEADER) {
            return new NotLeader(message, hint.map(LeaderHint::leaderEpoch).orElse(-1), Optional.empty());
        }
        if (code == ErrorCode.OFFSET_OUT_OF_RANGE) {
            @Nullable Long offset = number(details, "offset");
            @Nullable Long start = number(details, "log_start_offset");
            @Nullable Long end = number(details, "high_watermark");
            if (offset != null && start != null && end != null) {
                return new OffsetOutOfRange(offset, start, end);
            }
        }
        return new Refused(code, message, details);
    }

    private static @Nullable Long number(Map<String, String> details, String name) {
        try {
            return Long.valueOf(details.getOrDefault(name, ""));
        } catch (NumberFormatException absent) {
            return null;
        }
    }

    private static Optional<ErrorCode> codeOf(String reason) {
        String name = reason.startsWith(REASON_PREFIX) ? reason.substring(REASON_PREFIX.length()) : reason;
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    /** A status without our detail comes from the transport, or from a broker too new or too broken to say more. */
    private static ErrorCode codeWithoutDetail(Status.Code code) {
        return switch (code) {
            case DEADLINE_EXCEEDED -> ErrorCode.TIMEOUT;
            case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
            case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED_VERSION;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> ErrorCode.INVALID_REQUEST;
            // A connection that breaks in the middle of a call shows as any of the others.
            default -> ErrorCode.BROKER_NOT_AVAILABLE;
        };
    }

    private static String causeOf(Status status) {
        Throwable cause = status.getCause();
        return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }

    private static <T extends com.google.protobuf.Message> Optional<T> detail(
            com.google.rpc.Status status, Class<T> type) {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException malformed) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}

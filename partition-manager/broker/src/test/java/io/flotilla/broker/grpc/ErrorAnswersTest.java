package io.flotilla.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.flotilla.broker.replica.PartitionName;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.ErrorReason;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorAnswersTest {
    private static final PartitionName ORDERS = new PartitionName("orders", 3);
    private static final BrokerEndpoint TWO = BrokerEndpoint.newBuilder()
            .setBrokerId(2)
            .setHost("two")
            .setPort(9094)
            .build();

    private final ErrorAnswers answers =
            new ErrorAnswers(id -> id == 2 ? Optional.of(TWO) : Optional.empty(), code -> {});

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldGiveEveryCodeAReasonOfTheWireAndAnErrorStatus(ErrorCode code) throws InvalidProtocolBufferException {
        com.google.rpc.Status status = answers.status(failure(code), ORDERS);

        ErrorInfo info = detail(status, ErrorInfo.class).orElseThrow();
        assertThat(ErrorReason.valueOf(info.getReason()).getNumber()).isEqualTo(code.number());
        assertThat(info.getDomain()).isEqualTo("flotilla");
        assertThat(status.getCode()).isNotEqualTo(Status.Code.OK.value()).isNotEqualTo(Status.Code.UNKNOWN.value());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldUseOnlyRetriedCodesForRetriableErrors(ErrorCode code) {
        assertThat(GrpcCodes.of(code)).satisfies(grpc -> assertThat(grpc == Status.Code.UNAVAILABLE
                        || grpc == Status.Code.DEADLINE_EXCEEDED
                        || grpc == Status.Code.RESOURCE_EXHAUSTED)
                .isEqualTo(code.retriable()));
    }

    @Test
    void shouldNameTheLeaderToAsk() throws InvalidProtocolBufferException {
        Throwable failure = new CompletionException(new NotLeader("not here", 7, Optional.of(2)));

        com.google.rpc.Status status = answers.status(failure, ORDERS);

        io.flotilla.protocol.v1.NotLeader detail =
                detail(status, io.flotilla.protocol.v1.NotLeader.class).orElseThrow();
        assertThat(detail.getLeader()).isEqualTo(TWO);
        assertThat(detail.getLeaderEpoch()).isEqualTo(7);
        assertThat(detail.getPartition().getTopic()).isEqualTo("orders");
        assertThat(detail(status, RetryInfo.class)).isEmpty();
        assertThat(answers.leaderOf(failure)).contains(TWO);
    }

    @Test
    void shouldAdviseAPauseWhileNobodyLeads() throws InvalidProtocolBufferException {
        com.google.rpc.Status status = answers.status(new NotLeader("nobody", 7, Optional.empty()), ORDERS);

        assertThat(detail(status, RetryInfo.class)).isPresent();
    }

    @Test
    void shouldHideBugsBehindInternal() throws InvalidProtocolBufferException {
        com.google.rpc.Status status = answers.status(new IllegalStateException("a bug of this test"), null);

        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL.value());
        assertThat(detail(status, ErrorInfo.class).orElseThrow().getReason()).isEqualTo("ERROR_REASON_INTERNAL");
    }

    @Test
    void shouldKeepMessagesWithinWhatHeadersMayHold() {
        com.google.rpc.Status status =
                answers.status(new Refused(ErrorCode.INVALID_REQUEST, "x".repeat(100_000)), ORDERS);

        assertThat(status.getSerializedSize()).isLessThan(4_096);
    }

    private static Throwable failure(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER -> new NotLeader("not here", 1, Optional.empty());
            case OFFSET_OUT_OF_RANGE -> new OffsetOutOfRange(5, 20, 117);
            default -> new Refused(code, "because", Map.of("value", "1"));
        };
    }

    private static <T extends com.google.protobuf.Message> Optional<T> detail(
            com.google.rpc.Status status, Class<T> kind) throws InvalidProtocolBufferException {
        for (Any any : status.getDetailsList()) {
            if (any.is(kind)) {
                return Optional.of(any.unpack(kind));
            }
        }
        return Optional.empty();
    }
}

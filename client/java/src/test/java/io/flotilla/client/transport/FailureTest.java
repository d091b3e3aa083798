package io.flotilla.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.OffsetOutOfRange;
import io.flotilla.protocol.v1.BrokerEndpoint;
import io.flotilla.protocol.v1.NotLeader;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureTest {
    private static final BrokerAddress BROKER = new BrokerAddress("b1", 9094);

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldRebuildEveryCode(ErrorCode code) {
        com.google.rpc.Status status = status(code, Map.of("k", "v"), Any.getDefaultInstance());

        Failure failure = Failure.of(StatusProto.toStatusRuntimeException(status), BROKER);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.cause()).hasMessageContaining("the broker's words");
    }

    @Test
    void shouldKeepTheLeaderHint() {
        NotLeader detail = NotLeader.newBuilder()
                .setPartition(WirePartition.toProto(new TopicPartition("orders", 3)))
                .setLeaderEpoch(9)
                .setLeader(BrokerEndpoint.newBuilder().setHost("b2").setPort(1234))
                .build();

        Failure failure = Failure.of(status(ErrorCode.NOT_LEADER, Map.of(), Any.pack(detail)), BROKER);

        assertThat(failure.leaderHint())
                .contains(
                        new LeaderHint(new TopicPartition("orders", 3), 9, Optional.of(new BrokerAddress("b2", 1234))));
        assertThat(failure.leaderOtherThan(BROKER)).contains(new BrokerAddress("b2", 1234));
        assertThat(failure.leaderOtherThan(new BrokerAddress("b2", 1234))).isEmpty();
    }

    @Test
    void shouldRebuildTheRangeOfOffsets() {
        Map<String, String> metadata = Map.of("offset", "5", "log_start_offset", "20", "high_watermark", "117");

        Failure failure = Failure.of(status(ErrorCode.OFFSET_OUT_OF_RANGE, metadata, Any.getDefaultInstance()), BROKER);

        assertThat(failure.cause()).isInstanceOfSatisfying(OffsetOutOfRange.class, range -> {
            assertThat(range.offset()).isEqualTo(5);
            assertThat(range.logStartOffset()).isEqualTo(20);
            assertThat(range.highWatermark()).isEqualTo(117);
        });
    }

    @Test
    void shouldTakeABrokenConnectionForAnUnavailableBroker() {
        for (Status status : new Status[] {Status.UNAVAILABLE, Status.INTERNAL, Status.UNKNOWN, Status.CANCELLED}) {
            assertThat(Failure.of(status.asRuntimeException(), BROKER).code())
                    .isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        }
        assertThat(Failure.of(Status.DEADLINE_EXCEEDED.asRuntimeException(), BROKER)
                        .code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    private static com.google.rpc.Status status(ErrorCode code, Map<String, String> metadata, Any more) {
        return com.google.rpc.Status.newBuilder()
                .setCode(Code.UNAVAILABLE_VALUE)
                .setMessage("the broker's words")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason("ERROR_REASON_" + code.name())
                        .setDomain("flotilla")
                        .putAllMetadata(metadata)
                        .build()))
                .addDetails(more)
                .build();
    }
}

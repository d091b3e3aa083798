package io.flotilla.protocol.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.protocol.v1.ErrorReason;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void shouldHaveTheNamesAndNumbersOfTheWire() {
        assertThat(ErrorCode.values())
                .extracting(code -> "ERROR_REASON_" + code.name() + "=" + code.number())
                .containsExactlyElementsOf(Arrays.stream(ErrorReason.values())
                        .filter(reason ->
                                reason != ErrorReason.ERROR_REASON_UNSPECIFIED && reason != ErrorReason.UNRECOGNIZED)
                        .map(reason -> reason.name() + "=" + reason.getNumber())
                        .toList());
    }

    @Test
    void shouldFindEachCodeByItsNumber() {
        assertThat(ErrorCode.values()).allSatisfy(code -> assertThat(ErrorCode.ofNumber(code.number()))
                .isSameAs(code));
        assertThatThrownBy(() -> ErrorCode.ofNumber(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void shouldMeanTheSameToKafkaClients() {
        Map<ErrorCode, Errors> meaning = new EnumMap<>(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            meaning.put(code, Errors.forCode((short) code.kafkaCode()));
        }

        assertThat(meaning)
                .containsExactlyEntriesOf(new EnumMap<>(Map.ofEntries(
                        Map.entry(ErrorCode.INTERNAL, Errors.UNKNOWN_SERVER_ERROR),
                        Map.entry(ErrorCode.UNKNOWN_TOPIC, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                        Map.entry(ErrorCode.UNKNOWN_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                        Map.entry(ErrorCode.TOPIC_ALREADY_EXISTS, Errors.TOPIC_ALREADY_EXISTS),
                        Map.entry(ErrorCode.INVALID_TOPIC_NAME, Errors.INVALID_TOPIC_EXCEPTION),
                        Map.entry(ErrorCode.INVALID_PARTITION_COUNT, Errors.INVALID_PARTITIONS),
                        Map.entry(ErrorCode.INVALID_REPLICATION_FACTOR, Errors.INVALID_REPLICATION_FACTOR),
                        Map.entry(ErrorCode.INVALID_CONFIG, Errors.INVALID_CONFIG),
                        Map.entry(ErrorCode.INVALID_REQUEST, Errors.INVALID_REQUEST),
                        Map.entry(ErrorCode.NOT_LEADER, Errors.NOT_LEADER_OR_FOLLOWER),
                        Map.entry(ErrorCode.LEADER_NOT_READY, Errors.NOT_LEADER_OR_FOLLOWER),
                        Map.entry(ErrorCode.NO_QUORUM, Errors.REQUEST_TIMED_OUT),
                        Map.entry(ErrorCode.TIMEOUT, Errors.REQUEST_TIMED_OUT),
                        Map.entry(ErrorCode.OFFSET_OUT_OF_RANGE, Errors.OFFSET_OUT_OF_RANGE),
                        Map.entry(ErrorCode.CORRUPT_BATCH, Errors.CORRUPT_MESSAGE),
                        Map.entry(ErrorCode.INVALID_RECORD, Errors.INVALID_RECORD),
                        Map.entry(ErrorCode.UNSUPPORTED_COMPRESSION, Errors.UNSUPPORTED_COMPRESSION_TYPE),
                        Map.entry(ErrorCode.RECORD_TOO_LARGE, Errors.MESSAGE_TOO_LARGE),
                        Map.entry(ErrorCode.OUT_OF_ORDER_SEQUENCE, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER),
                        Map.entry(ErrorCode.PRODUCER_FENCED, Errors.INVALID_PRODUCER_EPOCH),
                        Map.entry(ErrorCode.UNKNOWN_PRODUCER, Errors.UNKNOWN_PRODUCER_ID),
                        Map.entry(ErrorCode.OVERLOADED, Errors.THROTTLING_QUOTA_EXCEEDED),
                        Map.entry(ErrorCode.BROKER_NOT_AVAILABLE, Errors.BROKER_NOT_AVAILABLE),
                        Map.entry(ErrorCode.STORAGE_FAILURE, Errors.KAFKA_STORAGE_ERROR),
                        Map.entry(ErrorCode.UNSUPPORTED_VERSION, Errors.UNSUPPORTED_VERSION),
                        Map.entry(ErrorCode.DISK_FULL, Errors.KAFKA_STORAGE_ERROR),
                        Map.entry(ErrorCode.UNKNOWN_BROKER, Errors.BROKER_ID_NOT_REGISTERED),
                        Map.entry(ErrorCode.UNKNOWN_OPERATION, Errors.INVALID_REQUEST),
                        Map.entry(ErrorCode.CONFLICT, Errors.INVALID_REQUEST),
                        Map.entry(ErrorCode.UNKNOWN_GROUP, Errors.GROUP_ID_NOT_FOUND),
                        Map.entry(ErrorCode.UNKNOWN_MEMBER, Errors.UNKNOWN_MEMBER_ID),
                        Map.entry(ErrorCode.FENCED_MEMBER_EPOCH, Errors.FENCED_MEMBER_EPOCH),
                        Map.entry(ErrorCode.GROUP_NOT_EMPTY, Errors.NON_EMPTY_GROUP),
                        Map.entry(ErrorCode.GROUP_FULL, Errors.GROUP_MAX_SIZE_REACHED),
                        Map.entry(ErrorCode.INSTANCE_IN_USE, Errors.UNRELEASED_INSTANCE_ID),
                        Map.entry(ErrorCode.OFFSET_METADATA_TOO_LARGE, Errors.OFFSET_METADATA_TOO_LARGE))));
    }
}

package io.flotilla.protocol.error;

/**
 * Every reason for which a call can fail. Names and numbers equal those of {@code flotilla.v1.ErrorReason} without its
 * prefix; a number is never used again for something else.
 */
public enum ErrorCode {
    INTERNAL(1, -1, false),
    UNKNOWN_TOPIC(2, 3, false),
    UNKNOWN_PARTITION(3, 3, false),
    TOPIC_ALREADY_EXISTS(4, 36, false),
    INVALID_TOPIC_NAME(5, 17, false),
    INVALID_PARTITION_COUNT(6, 37, false),
    INVALID_REPLICATION_FACTOR(7, 38, false),
    INVALID_CONFIG(8, 40, false),
    INVALID_REQUEST(9, 42, false),
    NOT_LEADER(10, 6, true),
    LEADER_NOT_READY(11, 6, true),
    NO_QUORUM(12, 7, true),
    TIMEOUT(13, 7, true),
    OFFSET_OUT_OF_RANGE(14, 1, false),
    CORRUPT_BATCH(15, 2, false),
    INVALID_RECORD(16, 87, false),
    UNSUPPORTED_COMPRESSION(17, 76, false),
    RECORD_TOO_LARGE(18, 10, false),
    OUT_OF_ORDER_SEQUENCE(19, 45, false),
    PRODUCER_FENCED(20, 47, false),
    UNKNOWN_PRODUCER(21, 59, false),
    OVERLOADED(22, 89, true),
    BROKER_NOT_AVAILABLE(23, 8, true),
    STORAGE_FAILURE(24, 56, true),
    UNSUPPORTED_VERSION(25, 35, false),
    DISK_FULL(26, 56, true),
    UNKNOWN_BROKER(40, 102, false),
    UNKNOWN_OPERATION(41, 42, false),
    CONFLICT(42, 42, false),
    UNKNOWN_GROUP(50, 69, false),
    UNKNOWN_MEMBER(51, 25, false),
    FENCED_MEMBER_EPOCH(52, 110, false),
    GROUP_NOT_EMPTY(53, 68, false),
    GROUP_FULL(54, 81, false),
    INSTANCE_IN_USE(55, 111, false),
    OFFSET_METADATA_TOO_LARGE(56, 12, false);

    private final int number;
    private final int kafkaCode;
    private final boolean retriable;

    ErrorCode(int number, int kafkaCode, boolean retriable) {
        this.number = number;
        this.kafkaCode = kafkaCode;
        this.retriable = retriable;
    }

    /** Number on the wire and in durable formats, 1 or more. */
    public int number() {
        return number;
    }

    /** Error code of the same meaning in the Kafka protocol; -1 is its UNKNOWN_SERVER_ERROR. */
    public int kafkaCode() {
        return kafkaCode;
    }

    /** Whether the same call can succeed later, or at another broker, without a change by its caller. */
    public boolean retriable() {
        return retriable;
    }

    /**
     * @throws IllegalArgumentException if no code has this number
     */
    public static ErrorCode ofNumber(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        throw new IllegalArgumentException("no error code has the number " + number);
    }
}

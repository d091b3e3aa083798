package io.flotilla.cli.failure;

import io.flotilla.protocol.error.ErrorCode;

/** What the process tells its caller. Scripts rely on the numbers: they never change their meaning. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "the operation failed"),
    USAGE(2, "the command line or a value in it is wrong"),
    NOT_FOUND(3, "the topic, partition, offset, broker, operation or group does not exist"),
    CANNOT_CONNECT(4, "no broker answers at the bootstrap address"),
    NOT_AUTHORISED(5, "the caller may not do this"),
    CONFLICT(6, "the cluster's state does not allow it, for instance because the name is taken"),
    TIMEOUT(7, "not in time: whether a request was done is unknown, and an operation goes on"),
    INTERRUPTED(130, "interrupted by Ctrl-C");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Exit status of the process, 0 to 255. */
    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /** Exit code for a call that failed for this reason. */
    public static ExitCode of(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_TOPIC,
                    UNKNOWN_PARTITION,
                    OFFSET_OUT_OF_RANGE,
                    UNKNOWN_BROKER,
                    UNKNOWN_OPERATION,
                    UNKNOWN_GROUP -> NOT_FOUND;
            case INVALID_TOPIC_NAME,
                    INVALID_PARTITION_COUNT,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    UNSUPPORTED_COMPRESSION,
                    OFFSET_METADATA_TOO_LARGE -> USAGE;
            // Right on a larger cluster, so not the command line's fault.
            case TOPIC_ALREADY_EXISTS,
                    CONFLICT,
                    INVALID_REPLICATION_FACTOR,
                    OUT_OF_ORDER_SEQUENCE,
                    PRODUCER_FENCED,
                    UNKNOWN_PRODUCER,
                    UNKNOWN_MEMBER,
                    FENCED_MEMBER_EPOCH,
                    GROUP_NOT_EMPTY,
                    GROUP_FULL,
                    INSTANCE_IN_USE -> CONFLICT;
            case BROKER_NOT_AVAILABLE -> CANNOT_CONNECT;
            case NO_QUORUM, TIMEOUT -> TIMEOUT;
            case INTERNAL,
                    NOT_LEADER,
                    LEADER_NOT_READY,
                    CORRUPT_BATCH,
                    INVALID_RECORD,
                    RECORD_TOO_LARGE,
                    OVERLOADED,
                    DISK_FULL,
                    STORAGE_FAILURE,
                    UNSUPPORTED_VERSION -> FAILED;
        };
    }
}

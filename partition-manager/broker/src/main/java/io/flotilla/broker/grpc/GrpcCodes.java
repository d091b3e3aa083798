package io.flotilla.broker.grpc;

import io.flotilla.protocol.error.ErrorCode;
import io.grpc.Status;

/** The gRPC code of each error. */
final class GrpcCodes {
    private GrpcCodes() {}

    static Status.Code of(ErrorCode code) {
        return switch (code) { // no default: a new code must be placed to compile
            case INTERNAL -> Status.Code.INTERNAL;
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION, UNKNOWN_BROKER, UNKNOWN_OPERATION, UNKNOWN_GROUP ->
                Status.Code.NOT_FOUND;
            case TOPIC_ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
            case INVALID_TOPIC_NAME,
                    INVALID_PARTITION_COUNT,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    CORRUPT_BATCH,
                    INVALID_RECORD,
                    UNSUPPORTED_COMPRESSION,
                    RECORD_TOO_LARGE,
                    OFFSET_METADATA_TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
            // Generic retry policies retry UNAVAILABLE only; the NotLeader detail beside it names the leader to ask.
            case NOT_LEADER, LEADER_NOT_READY, NO_QUORUM, BROKER_NOT_AVAILABLE, STORAGE_FAILURE ->
                Status.Code.UNAVAILABLE;
            case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
            case OFFSET_OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
            case OUT_OF_ORDER_SEQUENCE,
                    PRODUCER_FENCED,
                    UNKNOWN_PRODUCER,
                    CONFLICT,
                    UNKNOWN_MEMBER,
                    FENCED_MEMBER_EPOCH,
                    GROUP_NOT_EMPTY,
                    INSTANCE_IN_USE -> Status.Code.FAILED_PRECONDITION;
            case OVERLOADED, DISK_FULL, GROUP_FULL -> Status.Code.RESOURCE_EXHAUSTED;
            case UNSUPPORTED_VERSION -> Status.Code.UNIMPLEMENTED;
        };
    }
}

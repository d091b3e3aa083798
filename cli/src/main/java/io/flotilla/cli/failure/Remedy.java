package io.flotilla.cli.failure;

import io.flotilla.protocol.error.LogException;

/** What to do about each reason for which a broker refuses a call. */
final class Remedy {

    private Remedy() {}

    static String of(LogException refused) {
        return switch (refused.code()) {
            case UNKNOWN_TOPIC ->
                "`flotilla topic list` shows the topics, with --deleted those that `flotilla topic undelete` brings back,"
                        + " `flotilla topic create NAME` makes one";
            case UNKNOWN_PARTITION -> "`flotilla topic show NAME` shows the partitions of a topic";
            case TOPIC_ALREADY_EXISTS -> "choose another name, or pass --if-not-exists to keep the topic as it is";
            case INVALID_TOPIC_NAME -> "use 1 to 249 letters, digits, '.', '_' or '-'";
            case INVALID_PARTITION_COUNT ->
                "pass --partitions with a number up to 10000; a topic's number can only grow";
            case INVALID_REPLICATION_FACTOR ->
                "pass a smaller --replication-factor or start more brokers: `flotilla cluster show` lists them";
            case INVALID_CONFIG -> "correct the setting; deploy/docs/configuration.md lists those of a topic";
            case INVALID_REQUEST -> "correct the value; --help lists what the command takes";
            case UNSUPPORTED_COMPRESSION -> "use --compression none, gzip, snappy, lz4 or zstd";
            case OFFSET_OUT_OF_RANGE -> "read --from beginning, or `flotilla topic show NAME` for the readable offsets";
            case NOT_LEADER, LEADER_NOT_READY ->
                "an election is under way: run again, and if it lasts see `flotilla topic show NAME` for the leaders";
            case NO_QUORUM ->
                "a majority of the replicas must run: start the missing brokers (`flotilla cluster show`)";
            case TIMEOUT ->
                "check `flotilla cluster show`; whether it was done is unknown, so look before running again";
            case OVERLOADED -> "run again after a pause, or send less at a time";
            case BROKER_NOT_AVAILABLE ->
                "check that a broker runs there: `flotilla dev` starts one, -b HOST:PORT or FLOTILLA_BOOTSTRAP names it";
            case STORAGE_FAILURE -> "look at the broker's log: its disk is failing or its files are damaged";
            case DISK_FULL -> "make room on the broker's disk: `flotilla topic trim` or a shorter retention.ms do";
            case RECORD_TOO_LARGE -> "send smaller records, or raise max.message.bytes of the topic";
            case CORRUPT_BATCH, INVALID_RECORD -> "run again; if it repeats, the network or this client changes bytes";
            case OUT_OF_ORDER_SEQUENCE, PRODUCER_FENCED, UNKNOWN_PRODUCER ->
                "run again: each run is a new producer; look first which records arrived";
            case UNSUPPORTED_VERSION -> "use a command line of the brokers' version: `flotilla cluster show`";
            case UNKNOWN_BROKER -> "`flotilla broker list` shows the brokers";
            case UNKNOWN_OPERATION -> "`flotilla operation list` shows the operations";
            case CONFLICT -> "`flotilla operation list` and `flotilla broker list` show what is under way";
            case UNKNOWN_GROUP -> "check the group's name: a group begins with its first member or commit";
            case UNKNOWN_MEMBER, FENCED_MEMBER_EPOCH ->
                "run again: another member reads on from the last committed offset meanwhile";
            case GROUP_NOT_EMPTY -> "stop the group's members first";
            case GROUP_FULL -> "use fewer members: a group takes 1000";
            case INSTANCE_IN_USE -> "stop the process with the same instance id, or choose another one";
            case OFFSET_METADATA_TOO_LARGE -> "commit shorter metadata";
            case INTERNAL -> "this is a bug: the broker's log has its cause";
        };
    }
}

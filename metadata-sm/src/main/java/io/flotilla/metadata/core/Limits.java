package io.flotilla.metadata.core;

/** The bounds the rules hold, so that no command can make the image grow past what every broker can keep in memory. */
public final class Limits {
    /** Brokers ever registered. */
    public static final int BROKERS_MAX = 1_000;

    /** Partitions of one topic. */
    public static final int TOPIC_PARTITIONS_MAX = 10_000;

    /** Replicas of one partition: each more costs every append, and quorums beyond nine are of no practical use. */
    public static final int REPLICATION_FACTOR_MAX = 15;

    /** Partitions of all topics, deleted ones included until they are purged: LimitsTest holds the encoded image of that many below 8 MiB. */
    public static final int CLUSTER_PARTITIONS_MAX = 100_000;

    /** Characters of a topic's name: it fits a file name with a partition's number behind it. */
    public static final int TOPIC_NAME_LENGTH_MAX = 249;

    /** Reports in one command: LimitsTest holds the encoded command below 512 KiB, half of a Raft entry's limit. */
    public static final int LEADER_REPORTS_MAX = 5_000;

    /** Producer ids given out by one command. */
    public static final int PRODUCER_IDS_MAX = 1_000_000;

    /** Long jobs that run at one time. */
    public static final int OPERATIONS_RUNNING_MAX = 20;

    /** Long jobs that have ended and are still told of. */
    public static final int OPERATIONS_ENDED_KEPT = 100;

    /** Characters of the reason for which an operation ended. */
    public static final int OPERATION_MESSAGE_LENGTH_MAX = 1_000;

    /** Targets in one command. */
    public static final int TARGETS_MAX = 1_000;

    /** Longest time in milliseconds that a deleted topic can be kept: a year. */
    public static final long DELETE_GRACE_MILLIS_MAX = 365L * 24 * 3_600 * 1_000;

    private Limits() {}
}

package io.flotilla.metadata.group;

/** The bounds the rules hold, so that no command can make the groups grow past what every voter can keep in memory. */
public final class GroupLimits {
    public static final int GROUPS_MAX = 10_000;

    /** Members of one group, those that are away included. */
    public static final int MEMBERS_MAX = 1_000;

    /** Topics to which one member subscribes. */
    public static final int SUBSCRIPTION_TOPICS_MAX = 1_000;

    /** Characters of a group's name, of an instance id and of a client id. */
    public static final int NAME_LENGTH_MAX = 249;

    /** Characters of a member's id. */
    public static final int MEMBER_ID_LENGTH_MAX = 64;

    /** Metadata of one committed offset, in bytes of UTF-8. */
    public static final int METADATA_BYTES_MAX = 4_096;

    /** Partitions in one commit. */
    public static final int COMMIT_PARTITIONS_MAX = 1_000;

    /**
     * All groups together, by the measures below: about 250,000 committed offsets. A snapshot of the metadata carries them,
     * and goes from one voter to another in one message; LimitsTest holds the encoded groups below 52 MiB.
     */
    public static final long BYTES_MAX = 16L << 20;

    /** A group, a member, an offset, or a rebalance, without its texts. */
    static final int ENTRY_BYTES = 64;

    static final int TOPIC_BYTES = 4;
    static final int PARTITION_BYTES = 24;

    private GroupLimits() {}
}

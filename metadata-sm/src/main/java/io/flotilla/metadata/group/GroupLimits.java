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

    /** All groups together, by the measures below: a snapshot of the metadata carries them. */
    public static final long BYTES_MAX = 32L << 20;

    static final int GROUP_BYTES = 256;
    static final int MEMBER_BYTES = 256;
    static final int OFFSET_BYTES = 64;
    static final int PARTITION_BYTES = 48;

    private GroupLimits() {}
}

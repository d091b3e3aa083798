package io.flotilla.groups;

import io.flotilla.client.TopicPartition;

/** Something that happened to a member, in the time of {@link System#nanoTime}. */
sealed interface GroupEvent {
    long atNanos();

    /** The member begins to read a partition. */
    record Assigned(String member, TopicPartition partition, long atNanos) implements GroupEvent {}

    /** The member reads a partition no more. */
    record Released(String member, TopicPartition partition, Cause cause, long atNanos) implements GroupEvent {}

    /**
     * The member has processed records.
     *
     * @param from first offset
     * @param to   behind the last one
     */
    record Processed(String member, TopicPartition partition, long from, long to, long atNanos) implements GroupEvent {}

    /**
     * A commit of the member was acknowledged.
     *
     * @param begunNanos when it was sent
     */
    record Committed(String member, TopicPartition partition, long offset, long begunNanos, long atNanos)
            implements GroupEvent {}

    /** Why a member reads a partition no more. */
    enum Cause {
        /** It was asked to give the partition up, or left in order. */
        HANDED_OVER,
        /** It was told that the partition is another's already. */
        LOST,
        /** It was killed. */
        KILLED
    }
}

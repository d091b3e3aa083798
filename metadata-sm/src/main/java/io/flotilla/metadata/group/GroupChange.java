package io.flotilla.metadata.group;

/** What came of a wish to change a group. */
public sealed interface GroupChange {
    /** @param group the same as before if there was nothing to change */
    record Done(ConsumerGroup group) implements GroupChange {}

    /** The member was never one, has left, or has been removed: what it owned may be read by others. */
    record UnknownMember(String memberId) implements GroupChange {}

    /** Two processes claim to be the same static member: the one that is there stays. */
    record InstanceInUse(String instanceId, String memberId) implements GroupChange {}
}

package io.flotilla.client;

/** How the partitions of a group's topics are shared out among its members. */
public enum GroupAssignor {
    /** The same number of partitions for each member, and as few as it takes change hands. */
    UNIFORM,
    /**
     * Each topic is cut into ranges in the order of the members' ids: partitions of one number, in which the same keys are,
     * go to the same member.
     */
    RANGE
}

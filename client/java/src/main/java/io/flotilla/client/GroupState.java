package io.flotilla.client;

/** How a consumer group is doing. */
public enum GroupState {
    /** It has no members. */
    EMPTY,
    /** A member has yet to give a partition up, or to get one. */
    RECONCILING,
    /** Every member has what it shall have. */
    STABLE
}

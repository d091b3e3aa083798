package io.flotilla.client;

/**
 * A consumer group in a list.
 *
 * @param memberCount members, those included that keep their place while they are away
 * @param offsetCount partitions with a committed offset
 */
public record GroupSummary(String group, GroupState state, int memberCount, int offsetCount) {}

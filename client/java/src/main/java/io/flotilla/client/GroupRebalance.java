package io.flotilla.client;

import java.time.Instant;

/**
 * A new distribution of a group's partitions.
 *
 * @param epoch  that began with it
 * @param at     by the coordinator's clock
 * @param reason for a person to read
 */
public record GroupRebalance(int epoch, Instant at, String reason) {}

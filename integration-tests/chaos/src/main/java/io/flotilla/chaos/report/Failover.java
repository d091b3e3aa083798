package io.flotilla.chaos.report;

/**
 * How long partitions were without after a fault struck their leader: from its arming until a send that was made after
 * it was acknowledged.
 *
 * @param partitions   that the struck nodes led
 * @param recovered    of these, those that acknowledged something again
 * @param p50Millis    over the recovered ones, -1 if there are none, as are the next two
 */
public record Failover(
        int episode, String fault, int partitions, int recovered, double p50Millis, double p99Millis, double maxMillis) {}

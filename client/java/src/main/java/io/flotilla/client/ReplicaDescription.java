package io.flotilla.client;

/**
 * One replica as its own broker sees it.
 *
 * @param highWatermark first offset not yet known to be committed
 * @param appliedIndex  Raft index of the last entry applied
 */
public record ReplicaDescription(
        TopicPartition partition,
        ReplicaRole role,
        int leaderEpoch,
        long logStartOffset,
        long highWatermark,
        long appliedIndex) {}

package io.flotilla.client;

/**
 * Where an acknowledged record is: from here on it is fsynced on a majority of the partition's replicas.
 *
 * @param offset          the record's offset in its partition
 * @param timestampMillis the record's timestamp, milliseconds since the epoch
 * @param leaderEpoch     epoch of the leader that acknowledged
 * @param duplicate       the record had been appended by an earlier attempt whose answer was lost; it is stored once
 */
public record RecordMetadata(
        TopicPartition partition, long offset, long timestampMillis, int leaderEpoch, boolean duplicate) {}

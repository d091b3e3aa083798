package io.flotilla.client.metrics;

/** What a consumer can be asked at any time. */
public interface ConsumerState {
    /** Committed records in front of its positions, over all its partitions, as far as known. */
    long lagRecords();

    /** The most of them in one partition. */
    long lagRecordsMax();
}

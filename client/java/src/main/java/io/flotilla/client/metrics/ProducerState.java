package io.flotilla.client.metrics;

/** What a producer can be asked at any time. */
public interface ProducerState {
    /** Bytes of records that wait for their acknowledgement. */
    long bufferBytesUsed();

    /** Most such bytes at one time. */
    long bufferBytesMax();

    /** Batches that were sent and are not settled. */
    int batchesInFlight();
}

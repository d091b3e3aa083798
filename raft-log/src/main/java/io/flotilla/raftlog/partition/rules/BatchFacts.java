package io.flotilla.raftlog.partition.rules;

/**
 * What the rules look at in a batch.
 *
 * @param producerId    -1 for a batch without a producer, which is never a duplicate
 * @param producerEpoch grows when the producer id starts over
 * @param baseSequence  the producer's number of the first record, 0 to 2^31 - 1
 * @param offsetCount   offsets the batch takes, 1 or more; its sequence numbers are as many
 */
public record BatchFacts(long producerId, short producerEpoch, int baseSequence, int offsetCount) {
    public static final long NO_PRODUCER = -1;

    public BatchFacts {
        if (offsetCount < 1) {
            throw new IllegalArgumentException("a batch of " + offsetCount + " offsets");
        }
    }

    public boolean hasProducer() {
        return producerId != NO_PRODUCER;
    }
}

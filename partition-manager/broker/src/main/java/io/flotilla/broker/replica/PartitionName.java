package io.flotilla.broker.replica;

/**
 * A partition as users name it.
 *
 * @param partition any number: whether it exists is for {@link ReplicaLookup} to say
 */
public record PartitionName(String topic, int partition) {
    /** {@code orders-3}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}

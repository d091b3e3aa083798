package io.flotilla.cluster.history;

/**
 * One record as a consumer got it.
 *
 * @param id     {@link ValueId#UNRECOGNISED} if the bytes name no value of this history
 * @param digest of key and value as read, comparable with {@link Write#digest()}
 */
public record Read(int partition, long offset, ValueId id, long digest) {
    @Override
    public String toString() {
        return id + " at " + partition + "@" + offset;
    }
}

package io.flotilla.chaos.history;

import java.util.Arrays;

/**
 * Records as they were read, in the order read, in columns. Each names the value that its envelope carries.
 *
 * <p>Threading: filled by one thread, then only read.
 */
public final class Records {
    /** In the place of a producer: an envelope with a wrong checksum or of another run, or no envelope at all. */
    public static final int FOREIGN = -1;

    private static final int CAPACITY_AT_FIRST = 16;

    private long[] offsets = new long[CAPACITY_AT_FIRST];
    private int[] producers = new int[CAPACITY_AT_FIRST];
    private long[] sequences = new long[CAPACITY_AT_FIRST];
    private long[] timestamps = new long[CAPACITY_AT_FIRST];
    private int size;

    /**
     * Adds one record behind the others.
     *
     * @param producer  whose value it is, or {@link #FOREIGN}
     * @param sequence  of the value among its producer's
     * @param timestamp in milliseconds since 1970, as the broker stored it
     * @return this
     */
    public Records add(long offset, int producer, long sequence, long timestamp) {
        if (size == offsets.length) {
            int capacity = 2 * size;
            offsets = Arrays.copyOf(offsets, capacity);
            producers = Arrays.copyOf(producers, capacity);
            sequences = Arrays.copyOf(sequences, capacity);
            timestamps = Arrays.copyOf(timestamps, capacity);
        }
        offsets[size] = offset;
        producers[size] = producer;
        sequences[size] = sequence;
        timestamps[size] = timestamp;
        size++;
        return this;
    }

    public int size() {
        return size;
    }

    public long offset(int i) {
        return offsets[i];
    }

    public int producer(int i) {
        return producers[i];
    }

    public long sequence(int i) {
        return sequences[i];
    }

    public long timestamp(int i) {
        return timestamps[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Records records
                && records.size == size
                && Arrays.equals(records.offsets, 0, size, offsets, 0, size)
                && Arrays.equals(records.producers, 0, size, producers, 0, size)
                && Arrays.equals(records.sequences, 0, size, sequences, 0, size)
                && Arrays.equals(records.timestamps, 0, size, timestamps, 0, size);
    }

    @Override
    public int hashCode() {
        return 31 * size + (size == 0 ? 0 : Long.hashCode(offsets[0]));
    }

    @Override
    public String toString() {
        var text = new StringBuilder("[");
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : " ").append(offsets[i]).append('=').append(producers[i]);
            text.append('/').append(sequences[i]);
        }
        return text.append(']').toString();
    }
}

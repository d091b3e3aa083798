package io.flotilla.protocol.record;

/**
 * The partition of a key, the same that Kafka's clients choose, so that records of one key meet in one partition
 * whatever client wrote them.
 */
public final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyHash() {}

    /**
     * @param partitionCount 1 or more
     * @return a partition from 0 to {@code partitionCount - 1}
     */
    public static int partitionOf(byte[] key, int partitionCount) {
        if (partitionCount < 1) {
            throw new IllegalArgumentException("partition count " + partitionCount + " is below 1");
        }
        return (murmur2(key) & Integer.MAX_VALUE) % partitionCount;
    }

    /** Austin Appleby's MurmurHash2, 32 bits, over little-endian words, with the seed that Kafka's clients share. */
    static int murmur2(byte[] data) {
        int hash = SEED ^ data.length;
        int tail = data.length & ~3;
        for (int i = 0; i < tail; i += Integer.BYTES) {
            int word = littleEndian(data, i, Integer.BYTES) * MULTIPLIER;
            word = (word ^ (word >>> SHIFT)) * MULTIPLIER;
            hash = (hash * MULTIPLIER) ^ word;
        }
        if (tail < data.length) {
            hash = (hash ^ littleEndian(data, tail, data.length - tail)) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }

    private static int littleEndian(byte[] data, int from, int count) {
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= (data[from + i] & 0xff) << (Byte.SIZE * i);
        }
        return word;
    }
}

package io.flotilla.protocol.record;

/**
 * Zigzag-encoded varints, seven bits a byte and the lowest first: small numbers of either sign take one byte. An int
 * takes up to 5 bytes, a long up to 10; both are written alike, so that an int is a long that happens to be small.
 */
final class Varint {
    private Varint() {}

    static int sizeOf(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag(value) | 1);
        return (bits + 6) / 7;
    }

    /**
     * @param at index of the first byte written
     * @return index after the last
     */
    static int write(long value, byte[] bytes, int at) {
        long rest = zigzag(value);
        int next = at;
        while ((rest & ~0x7fL) != 0) {
            bytes[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    static long unzigzag(long zigzag) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }
}

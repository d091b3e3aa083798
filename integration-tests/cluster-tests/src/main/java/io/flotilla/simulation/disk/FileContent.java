package io.flotilla.simulation.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A file's bytes. Copies share them until one of the sharers changes what the other sees. */
final class FileContent {
    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes;
    private int size;

    /** Bytes below this belong to copies, too. */
    private int shared;

    private FileContent(byte[] bytes, int size, int shared) {
        this.bytes = bytes;
        this.size = size;
        this.shared = shared;
    }

    static FileContent empty() {
        return new FileContent(NOTHING, 0, 0);
    }

    /** The content as it is now, whatever happens to this one. */
    FileContent copy() {
        shared = Math.max(shared, size);
        return new FileContent(bytes, size, bytes.length); // only the original may grow in the shared array
    }

    int size() {
        return size;
    }

    int read(int position, ByteBuffer target) {
        if (position >= size) {
            return -1;
        }
        int count = Math.min(target.remaining(), size - position);
        target.put(bytes, position, count);
        return count;
    }

    /** Overwrites or extends; a gap behind the end is filled with zeros. */
    void write(int position, byte[] source, int count) {
        int end = position + count;
        int changedFrom = Math.min(position, size);
        if (changedFrom < shared || end > bytes.length) {
            byte[] own = new byte[capacityFor(Math.max(size, end))];
            System.arraycopy(bytes, 0, own, 0, size);
            bytes = own;
            shared = 0;
        } else if (position > size) {
            Arrays.fill(bytes, size, position, (byte) 0);
        }
        System.arraycopy(source, 0, bytes, position, count);
        size = Math.max(size, end);
    }

    private static int capacityFor(int size) {
        return size + (size >> 1);
    }

    void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Where the content first differs from the first {@code count} bytes given, -1 if it is exactly those. */
    int mismatch(byte[] expected, int count) {
        return Arrays.mismatch(bytes, 0, size, expected, 0, count);
    }
}

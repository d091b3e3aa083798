package io.flotilla.chaos.history;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values by the bytes they are written as, so that a name that stands in a million lines is one object. Beyond its bound
 * it makes new ones.
 */
final class Interned<T> {
    /** The characters of a slice of the line at hand. */
    interface Slice {
        String text(int from, int to);
    }

    private static final int PROBES_MAX = 16;

    private final byte[] @Nullable [] keys;
    private final @Nullable Object[] values;
    private final int mask;
    private final Function<String, T> make;

    /** @param slots a power of two */
    Interned(int slots, Function<String, T> make) {
        this.keys = new byte[slots][];
        this.values = new Object[slots];
        this.mask = slots - 1;
        this.make = make;
    }

    @SuppressWarnings("unchecked") // only make's values are kept
    T get(byte[] bytes, int from, int to, Slice slice) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        hash ^= hash >>> 15;
        for (int probe = 0; probe < PROBES_MAX; probe++) {
            int slot = hash + probe & mask;
            byte[] key = keys[slot];
            Object value = values[slot];
            if (key == null || value == null) {
                T made = make.apply(slice.text(from, to));
                keys[slot] = Arrays.copyOfRange(bytes, from, to);
                values[slot] = made;
                return made;
            }
            if (Arrays.equals(key, 0, key.length, bytes, from, to)) {
                return (T) value;
            }
        }
        return make.apply(slice.text(from, to));
    }
}

package io.flotilla.chaos.check;

import org.jspecify.annotations.Nullable;

/** Sends that have begun and not ended, by process and operation: a hash table without objects, as most lines are sends. */
final class OpenSends {
    /** Takes what is still open. */
    interface Rest {
        void accept(PlaceState place, long value, long invokedNanos, int process);
    }

    private static final int OPERATION_BITS = 40;

    private long[] keys = new long[1 << 10];
    private long[] values = new long[1 << 10];
    private long[] floors = new long[1 << 10];
    private long[] times = new long[1 << 10];
    private @Nullable PlaceState[] places = new PlaceState[1 << 10];
    private int size;

    // What remove has found.
    private long value;
    private long floor;
    private long invokedNanos;
    private @Nullable PlaceState place;

    void put(int process, long op, PlaceState where, long sent, long floorThen, long nanos) {
        if (size * 2 >= keys.length) {
            grow();
        }
        insert(key(process, op), where, sent, floorThen, nanos);
    }

    /** Whether the send was open; then its parts can be asked for. */
    boolean remove(int process, long op) {
        long key = key(process, op);
        int slot = slot(key);
        while (places[slot] != null) {
            if (keys[slot] == key) {
                value = values[slot];
                floor = floors[slot];
                invokedNanos = times[slot];
                place = places[slot];
                delete(slot);
                return true;
            }
            slot = slot + 1 & keys.length - 1;
        }
        return false;
    }

    long value() {
        return value;
    }

    long floor() {
        return floor;
    }

    long invokedNanos() {
        return invokedNanos;
    }

    PlaceState place() {
        if (place == null) {
            throw new IllegalStateException("no send was removed");
        }
        return place;
    }

    int size() {
        return size;
    }

    void forEach(Rest rest) {
        for (int i = 0; i < keys.length; i++) {
            PlaceState where = places[i];
            if (where != null) {
                rest.accept(where, values[i], times[i], (int) (keys[i] >>> OPERATION_BITS));
            }
        }
    }

    private static long key(int process, long op) {
        return (long) process << OPERATION_BITS | op;
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & keys.length - 1;
    }

    private void insert(long key, PlaceState where, long sent, long floorThen, long nanos) {
        int slot = slot(key);
        while (places[slot] != null && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        if (places[slot] == null) {
            size++;
        }
        keys[slot] = key;
        values[slot] = sent;
        floors[slot] = floorThen;
        times[slot] = nanos;
        places[slot] = where;
    }

    /** Closes the hole, so that no search ends at it too early. */
    private void delete(int at) {
        int hole = at;
        int slot = at;
        while (true) {
            slot = slot + 1 & keys.length - 1;
            if (places[slot] == null) {
                break;
            }
            int home = slot(keys[slot]);
            boolean stays = hole <= slot ? (hole < home && home <= slot) : (hole < home || home <= slot);
            if (!stays) {
                keys[hole] = keys[slot];
                values[hole] = values[slot];
                floors[hole] = floors[slot];
                times[hole] = times[slot];
                places[hole] = places[slot];
                hole = slot;
            }
        }
        places[hole] = null;
        size--;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        long[] oldFloors = floors;
        long[] oldTimes = times;
        @Nullable PlaceState[] oldPlaces = places;
        int capacity = 2 * keys.length;
        keys = new long[capacity];
        values = new long[capacity];
        floors = new long[capacity];
        times = new long[capacity];
        places = new PlaceState[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            PlaceState where = oldPlaces[i];
            if (where != null) {
                insert(oldKeys[i], where, oldValues[i], oldFloors[i], oldTimes[i]);
            }
        }
    }
}

package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Records;

/**
 * A value's name in one long, with four bits for flags above it: 20 bits for the producer, 40 for its place among that
 * producer's. Zero, with no flag, is no value.
 */
final class Value {
    static final int SEQUENCE_BITS = 40;
    static final int PRODUCERS_MAX = (1 << 20) - 1;
    static final long FLAG_SHIFT = 60;

    private static final long NAME = (1L << FLAG_SHIFT) - 1;
    private static final long SEQUENCE = (1L << SEQUENCE_BITS) - 1;

    /** What a record of nobody's is taken for. */
    static final long FOREIGN = (long) PRODUCERS_MAX << SEQUENCE_BITS;

    private Value() {}

    /** @throws IllegalArgumentException if producer or sequence are beyond the bounds */
    static long of(int producer, long sequence) {
        if (producer == Records.FOREIGN) {
            return FOREIGN;
        }
        if (producer < 0 || producer >= PRODUCERS_MAX || sequence < 0 || sequence > SEQUENCE) {
            throw new IllegalArgumentException("value " + producer + "/" + sequence + ": producers must be from 0 to "
                    + (PRODUCERS_MAX - 1) + ", sequences from 0 to " + SEQUENCE);
        }
        return (long) producer << SEQUENCE_BITS | sequence;
    }

    static long name(long flagged) {
        return flagged & NAME;
    }

    static int flags(long flagged) {
        return (int) (flagged >>> FLAG_SHIFT);
    }

    static long flagged(long name, int flags) {
        return name | (long) flags << FLAG_SHIFT;
    }

    static int producer(long value) {
        return (int) (name(value) >>> SEQUENCE_BITS);
    }

    static long sequence(long value) {
        return value & SEQUENCE;
    }

    static String text(long value) {
        return name(value) == FOREIGN ? "foreign" : producer(value) + "/" + sequence(value);
    }
}

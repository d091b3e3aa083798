package io.flotilla.client;

/** A place in a partition from which to read. */
public sealed interface Position {
    /** The first record still readable. */
    static Position beginning() {
        return new Beginning();
    }

    /** Behind the last committed record: only what is appended from now on. */
    static Position end() {
        return new End();
    }

    /**
     * The record with this offset.
     *
     * @param offset 0 or more
     */
    static Position offset(long offset) {
        return new AtOffset(offset);
    }

    /**
     * The first record whose timestamp is this or later; the end where there is none.
     *
     * @param epochMillis milliseconds since 1970-01-01T00:00:00Z, 0 or more
     */
    static Position timestamp(long epochMillis) {
        return new AtTimestamp(epochMillis);
    }

    /**
     * A record that was read, once more; and nothing that was returned before it, although parts of its value may lie
     * between other records. Of values that have yet to become complete nothing is lost.
     */
    static Position again(ConsumerRecord record) {
        return new AtRecord(record.startOffset(), record.offset());
    }

    /** Right behind a record that was read; of values that have yet to become complete nothing is lost. */
    static Position behind(ConsumerRecord record) {
        return new AtRecord(record.offset() + 1, record.offset() + 1);
    }

    /** See {@link #beginning()}. */
    record Beginning() implements Position {}

    /** See {@link #end()}. */
    record End() implements Position {}

    /** See {@link Position#offset(long)}. */
    record AtOffset(long offset) implements Position {
        public AtOffset {
            if (offset < 0) {
                throw new IllegalArgumentException("offset " + offset + " is negative");
            }
        }
    }

    /**
     * See {@link Position#again} and {@link Position#behind}.
     *
     * @param readFrom   offset of the first record to read
     * @param returnFrom what is complete in front of this offset has been returned already
     */
    record AtRecord(long readFrom, long returnFrom) implements Position {}

    /** See {@link Position#timestamp(long)}. */
    record AtTimestamp(long epochMillis) implements Position {
        public AtTimestamp {
            if (epochMillis < 0) {
                throw new IllegalArgumentException("timestamp " + epochMillis + " ms is negative");
            }
        }
    }
}

package io.flotilla.chaos.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A byte of flags per value of one partition, in pages per producer. */
final class ValueStates {
    static final int SENT = 1;
    static final int OK = 2;
    static final int FAILED = 4;
    static final int MAYBE = 8;
    /** It was met in the log. */
    static final int MET = 16;
    /** Its send's fault, or its lack of a send, has been told. */
    static final int TOLD = 32;

    private static final int PAGE_BITS = 12;
    private static final int DIRECT_PAGES_MAX = 1 << 20;

    private byte[] @Nullable [] @Nullable [] pages = new byte[16][][];

    int get(long value) {
        byte[] page = page(value, false);
        return page == null ? 0 : page[(int) Value.sequence(value) & (1 << PAGE_BITS) - 1];
    }

    void add(long value, int flags) {
        byte[] page = page(value, true);
        if (page != null) {
            page[(int) Value.sequence(value) & (1 << PAGE_BITS) - 1] |= (byte) flags;
        }
    }

    void clear() {
        Arrays.fill(pages, null);
    }

    private byte @Nullable [] page(long value, boolean make) {
        int producer = Value.producer(value);
        long number = Value.sequence(value) >>> PAGE_BITS;
        if (number >= DIRECT_PAGES_MAX) {
            if (make) {
                throw new IllegalArgumentException("value " + Value.text(value) + ": a producer may send up to "
                        + ((long) DIRECT_PAGES_MAX << PAGE_BITS) + " values");
            }
            return null; // nobody sent it
        }
        if (producer >= pages.length) {
            if (!make) {
                return null;
            }
            pages = Arrays.copyOf(pages, Math.max(producer + 1, 2 * pages.length));
        }
        byte[] @Nullable [] own = pages[producer];
        if (own == null || number >= own.length) {
            if (!make) {
                return null;
            }
            own = own == null
                    ? new byte[(int) number + 1][]
                    : Arrays.copyOf(own, (int) Math.max(number + 1, 2L * own.length));
            pages[producer] = own;
        }
        byte[] page = own[(int) number];
        if (page == null && make) {
            page = new byte[1 << PAGE_BITS];
            own[(int) number] = page;
        }
        return page;
    }
}

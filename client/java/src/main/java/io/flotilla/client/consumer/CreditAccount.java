package io.flotilla.client.consumer;

/**
 * How much a broker may send on one stream. Totals are absolute since the stream was opened, so that a grant lost or
 * repeated cannot drift: granted = returned + window.
 *
 * <p>Pure; confined to its owner's lock.
 */
final class CreditAccount {
    /** A grant goes out when it adds this share of the window, so that credit is not one message per chunk. */
    private static final int GRANTS_PER_WINDOW = 4;

    private final long windowBytes;
    private long grantedTotal;
    private long receivedTotal;
    private long returnedTotal;

    /**
     * @param windowBytes bytes that may be on their way or in the buffer at one time, 1 or more
     */
    CreditAccount(long windowBytes) {
        this.windowBytes = windowBytes;
    }

    void received(long bytes) {
        receivedTotal += bytes;
    }

    /** What was received has left the buffer. */
    void returned(long bytes) {
        returnedTotal += bytes;
    }

    /** Whether the broker may send more than it has. */
    boolean hasCredit() {
        return receivedTotal < grantedTotal;
    }

    /** Whether a new total is worth a message now. */
    boolean grantIsDue() {
        long unannounced = returnedTotal + windowBytes - grantedTotal;
        return unannounced > 0 && (unannounced >= windowBytes / GRANTS_PER_WINDOW || !hasCredit());
    }

    /** Notes that the total is announced, and returns it. */
    long grant() {
        grantedTotal = returnedTotal + windowBytes;
        return grantedTotal;
    }
}

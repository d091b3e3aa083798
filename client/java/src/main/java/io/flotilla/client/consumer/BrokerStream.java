package io.flotilla.client.consumer;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.transport.ReadStream;
import org.jspecify.annotations.Nullable;

/** A read stream to one leader broker and its credit. Guarded by the {@link Fetcher}'s lock. */
final class BrokerStream {
    final BrokerAddress broker;
    final CreditAccount credit;

    /** Null for the moment in which it is being opened. */
    @Nullable
    ReadStream stream;

    boolean opened;
    boolean closed;
    long heardNanos;

    BrokerStream(BrokerAddress broker, CreditAccount credit, long nowNanos) {
        this.broker = broker;
        this.credit = credit;
        this.heardNanos = nowNanos;
    }

    void grantIfDue() {
        if (stream != null && opened && !closed && credit.grantIsDue()) {
            stream.grant(credit.grant());
        }
    }

    /** Gives room back for bytes that left the buffer. */
    void giveBack(long bytes) {
        credit.returned(bytes);
        grantIfDue();
    }

    void close() {
        closed = true;
        if (stream != null) {
            stream.cancel();
        }
    }
}

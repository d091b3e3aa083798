package io.flotilla.cluster.history;

import java.util.Optional;

/**
 * One value handed to a producer, and what became of it.
 *
 * @param digest    of key and value as sent; equal digests are taken for equal bytes
 * @param sentNanos when it was handed over
 * @param ack       empty if the write failed or its outcome is unknown: it may or may not be found later
 */
public record Write(ValueId id, long digest, long sentNanos, Optional<Ack> ack) {
    /** Where and when the cluster said that the value is safe. */
    public record Ack(int partition, long offset, long nanos) {
        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    /** A write whose outcome stayed unknown. */
    public static Write unacknowledged(ValueId id, long digest, long sentNanos) {
        return new Write(id, digest, sentNanos, Optional.empty());
    }

    /** The same write, acknowledged. */
    public Write acknowledged(Ack newAck) {
        return new Write(id, digest, sentNanos, Optional.of(newAck));
    }
}

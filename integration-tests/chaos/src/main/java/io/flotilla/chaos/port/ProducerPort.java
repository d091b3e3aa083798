package io.flotilla.chaos.port;

import io.flotilla.chaos.history.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Appends records. */
public interface ProducerPort extends AutoCloseable {
    /**
     * Sends a record to a partition; may block for some seconds while the cluster cannot take it.
     *
     * @return the record's offset; it always completes normally, on a thread that must not be blocked
     */
    CompletableFuture<Answer<Long>> send(Place place, byte[] key, byte[] value);

    /** Whether a record that is sent again is stored once. */
    boolean isIdempotent();

    /** Waits at most this long for what was sent, and gives up the rest as unknown. */
    void close(Duration timeout);

    @Override
    default void close() {
        close(Duration.ZERO);
    }
}

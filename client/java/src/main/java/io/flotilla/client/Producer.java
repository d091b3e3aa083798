package io.flotilla.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Appends records, in batches, each stored exactly once however often it had to be sent.
 *
 * <p><b>Order:</b> records sent by one thread to one partition are stored in that order, also across retries and leader
 * changes. A record that fails leaves no gap that would hold up those behind it.
 *
 * <p><b>Retries:</b> a batch is sent again, the same bytes with the same sequence number, until it is acknowledged,
 * definitely refused, or {@link ProducerSettings#deliveryTimeout()} is over.
 *
 * <p><b>Large values:</b> with {@link ProducerSettings#largeValueBytesMax()} a record that its topic would not take is sent in
 * parts. It has the offset of the last one, and fails if one of them does.
 *
 * <p><b>Failures</b> arrive in the future as a {@code LogException}. Its detail {@code outcome} is {@code not_appended}
 * where the record is certainly not stored, or {@code unknown} where an attempt went unanswered, so that it may be. The
 * codes: TIMEOUT (delivery timeout, or no room in the buffer), UNKNOWN_TOPIC, UNKNOWN_PARTITION, RECORD_TOO_LARGE,
 * INVALID_RECORD, CORRUPT_BATCH, UNSUPPORTED_COMPRESSION, OUT_OF_ORDER_SEQUENCE and UNKNOWN_PRODUCER (both only where a
 * partition lost track of the producer), BROKER_NOT_AVAILABLE (the producer was closed).
 *
 * <p><b>Threading:</b> every method may be called by any thread. Futures complete on the producer's own thread: what
 * hangs on them must be quick and must neither block nor call {@link #flush()}, or go to an executor.
 */
public interface Producer extends AutoCloseable {
    /**
     * Adds a record to its partition's batch.
     *
     * <p>Blocks while the topic is not yet known to the client or while the buffer is full, at most
     * {@link ProducerSettings#blockTimeout()}; the future then fails with TIMEOUT and the record is not appended.
     *
     * @throws IllegalStateException if the producer is closed
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord record);

    /**
     * Sends everything that waits for a fuller batch, and blocks until each record sent before this call is
     * acknowledged or has failed: at most about the delivery timeout.
     *
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; its interrupt flag stays set
     */
    void flush();

    /** {@link #close(Duration)} with the delivery timeout. */
    @Override
    void close();

    /**
     * Takes no further records, waits for those sent before, and fails what is left when the time is over with
     * BROKER_NOT_AVAILABLE. Closing twice does no harm.
     */
    void close(Duration timeout);
}

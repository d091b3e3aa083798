package io.flotilla.cluster.traffic;

import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import io.flotilla.cluster.history.ValueId;
import io.flotilla.cluster.history.Write;
import io.flotilla.protocol.error.LogException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Notes what becomes of each record sent. The producer itself stays its owner's.
 *
 * <p>Threading: {@link #send} may be called by several threads; answers are noted on the producer's thread.
 */
public final class RecordedProducer {
    private final Producer producer;
    private final Queue<Write> ended = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> failures = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();

    public RecordedProducer(Producer producer) {
        this.producer = producer;
    }

    /**
     * Sends a record under the given name; blocks as {@link Producer#send} does. What becomes of it is noted before the
     * returned future completes.
     */
    public CompletableFuture<RecordMetadata> send(ValueId id, ProducerRecord record) {
        long digest = ContentDigest.of(record.key(), record.value());
        sent.incrementAndGet();
        long sentNanos = System.nanoTime();
        return producer.send(record)
                .whenComplete(
                        (metadata, failure) -> note(Write.unacknowledged(id, digest, sentNanos), metadata, failure));
    }

    private void note(Write write, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        if (metadata != null) {
            ended.add(write.acknowledged(
                    new Write.Ack(metadata.partition().partition(), metadata.offset(), System.nanoTime())));
            acknowledged.incrementAndGet();
        } else {
            ended.add(write);
            failures.merge(failure instanceof LogException known ? known.code().name() : "" + failure, 1L, Long::sum);
        }
    }

    public long sent() {
        return sent.get();
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    /** How many records failed, by error code. */
    public Map<String, Long> failures() {
        return Map.copyOf(failures);
    }

    /**
     * Waits for the answer to every record sent, and returns them all.
     *
     * @throws IllegalStateException if a record has got neither an acknowledgement nor a failure: the producer lost it
     */
    public List<Write> finish() {
        producer.flush();
        List<Write> writes = List.copyOf(ended);
        if (writes.size() != sent.get()) {
            throw new IllegalStateException(
                    "the producer answered " + writes.size() + " of " + sent.get() + " records though it was flushed");
        }
        return writes;
    }
}

package io.flotilla.client.typed;

import io.flotilla.client.Producer;
import io.flotilla.client.ProducerRecord;
import io.flotilla.client.RecordMetadata;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Producer} of objects: serializes keys and values on the thread that sends, and leaves all the rest to the
 * producer that it wraps and owns.
 *
 * <p>Threading: as {@link Producer}, if the serializers may be called by several threads.
 */
public final class TypedProducer<K, V> implements AutoCloseable {
    private final Producer producer;
    private final Serializer<K> keys;
    private final Serializer<V> values;

    /**
     * @param producer becomes this producer's own
     */
    public TypedProducer(Producer producer, Serializer<K> keys, Serializer<V> values) {
        this.producer = producer;
        this.keys = keys;
        this.values = values;
    }

    /**
     * As {@link Producer#send}. A record without partition goes where the bytes of its key decide, as from a producer of
     * bytes.
     *
     * @throws SerializationException   if a serializer refuses the key or value; nothing is sent
     * @throws IllegalArgumentException if the record has no topic, or a negative partition or timestamp
     * @throws IllegalStateException    if the producer is closed
     */
    public CompletableFuture<RecordMetadata> send(TypedProducerRecord<K, V> record) {
        return producer.send(new ProducerRecord(
                record.topic(),
                record.partition(),
                serialize(record.topic(), "key", keys, record.key()),
                serialize(record.topic(), "value", values, record.value()),
                record.headers(),
                record.timestampMillis()));
    }

    /** {@link #send(TypedProducerRecord)} of a record without headers, stamped with the present time. */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable K key, @Nullable V value) {
        return send(TypedProducerRecord.of(topic, key, value));
    }

    private static <T> byte @Nullable [] serialize(
            String topic, String part, Serializer<T> serializer, @Nullable T data) {
        if (data == null) {
            return null;
        }
        try {
            return serializer.serialize(topic, data);
        } catch (RuntimeException refused) { // a serializer has no exception of its own
            throw new SerializationException(topic, part, refused);
        }
    }

    /** As {@link Producer#flush()}. */
    public void flush() {
        producer.flush();
    }

    /** As {@link Producer#close()}. */
    @Override
    public void close() {
        producer.close();
    }

    /** As {@link Producer#close(Duration)}. */
    public void close(Duration timeout) {
        producer.close(timeout);
    }
}

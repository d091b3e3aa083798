package io.flotilla.client.typed;

import io.flotilla.client.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes objects of a record's key and value. */
record RecordDecoder<K, V>(Deserializer<K> keys, Deserializer<V> values) {
    /**
     * @throws DeserializationException if a deserializer refuses its bytes
     */
    TypedConsumerRecord<K, V> decode(ConsumerRecord record) {
        return new TypedConsumerRecord<>(
                record.partition(),
                record.offset(),
                record.timestampMillis(),
                decode(record, "key", keys, record.key()),
                decode(record, "value", values, record.value()),
                record.headers());
    }

    private static <T> @Nullable T decode(
            ConsumerRecord record, String part, Deserializer<T> deserializer, byte @Nullable [] data) {
        if (data == null) {
            return null;
        }
        try {
            return deserializer.deserialize(record.partition().topic(), data);
        } catch (RuntimeException refused) { // a deserializer has no exception of its own
            throw new DeserializationException(record, part, refused);
        }
    }
}

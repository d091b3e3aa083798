package io.flotilla.client.typed;

import io.flotilla.client.ProducerRecord;
import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.RecordHeader;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to send, before its key and value are bytes. Components as in {@link ProducerRecord}, which checks them when it
 * is sent.
 */
public record TypedProducerRecord<K, V>(
        String topic,
        OptionalInt partition,
        @Nullable K key,
        @Nullable V value,
        List<RecordHeader> headers,
        OptionalLong timestampMillis) {
    public TypedProducerRecord {
        headers = List.copyOf(headers);
    }

    /** A record that goes where its key decides. */
    public static <K, V> TypedProducerRecord<K, V> of(String topic, @Nullable K key, @Nullable V value) {
        return new TypedProducerRecord<>(topic, OptionalInt.empty(), key, value, List.of(), OptionalLong.empty());
    }

    /** A record for a partition chosen by the caller. */
    public static <K, V> TypedProducerRecord<K, V> of(TopicPartition partition, @Nullable K key, @Nullable V value) {
        return new TypedProducerRecord<>(
                partition.topic(), OptionalInt.of(partition.partition()), key, value, List.of(), OptionalLong.empty());
    }

    public TypedProducerRecord<K, V> withHeaders(List<RecordHeader> newHeaders) {
        return new TypedProducerRecord<>(topic, partition, key, value, newHeaders, timestampMillis);
    }

    /**
     * @param newTimestampMillis milliseconds since the epoch, 0 or more
     */
    public TypedProducerRecord<K, V> withTimestamp(long newTimestampMillis) {
        return new TypedProducerRecord<>(topic, partition, key, value, headers, OptionalLong.of(newTimestampMillis));
    }
}

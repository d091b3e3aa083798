package io.flotilla.client.typed;

import io.flotilla.client.TopicPartition;
import io.flotilla.protocol.record.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A committed record with its key and value as objects.
 *
 * @param offset          its offset in its partition
 * @param timestampMillis milliseconds since the epoch
 * @param key             null where the producer gave none
 * @param value           null where the producer gave none
 * @param headers         in the producer's order
 */
public record TypedConsumerRecord<K, V>(
        TopicPartition partition,
        long offset,
        long timestampMillis,
        @Nullable K key,
        @Nullable V value,
        List<RecordHeader> headers) {}

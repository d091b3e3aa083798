package io.flotilla.client.typed;

import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.Position;
import io.flotilla.client.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Decodes what a consumer of bytes has returned. At the first record of a partition that cannot be read, the consumer is
 * moved back in front of it; the records of that poll before it and of other partitions are returned, and the next poll
 * throws. What is not sought elsewhere is then read, and refused, again: so no partition falls silent, and none holds up
 * the others for ever.
 *
 * <p>Threading: confined to whatever thread is inside the consumer.
 */
final class DecodedPolls<K, V> {
    private final RecordDecoder<K, V> decoder;
    private final BiConsumer<TopicPartition, Position> seek;
    private final ArrayDeque<DeserializationException> failures = new ArrayDeque<>();

    /**
     * @param seek moves the consumer of bytes
     */
    DecodedPolls(RecordDecoder<K, V> decoder, BiConsumer<TopicPartition, Position> seek) {
        this.decoder = decoder;
        this.seek = seek;
    }

    /**
     * @throws DeserializationException which a poll before has met, once
     */
    void throwFailure() {
        DeserializationException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    /** A partition goes on elsewhere. */
    void forget(TopicPartition partition) {
        failures.removeIf(failure -> failure.partition().equals(partition));
    }

    /** Forgets all but these partitions. */
    void retain(Set<TopicPartition> partitions) {
        failures.removeIf(failure -> !partitions.contains(failure.partition()));
    }

    /**
     * @throws DeserializationException if there is nothing to return but a failure
     */
    List<TypedConsumerRecord<K, V>> decode(List<ConsumerRecord> records) {
        List<TypedConsumerRecord<K, V>> decoded = new ArrayList<>(records.size());
        Set<TopicPartition> stopped = new HashSet<>();
        for (ConsumerRecord record : records) {
            if (!stopped.contains(record.partition())) {
                try {
                    decoded.add(decoder.decode(record));
                } catch (DeserializationException failure) {
                    stopped.add(record.partition());
                    seek.accept(record.partition(), Position.again(record));
                    failures.add(failure);
                }
            }
        }
        if (decoded.isEmpty()) {
            throwFailure();
        }
        return decoded;
    }
}

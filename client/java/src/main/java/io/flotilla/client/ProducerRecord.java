package io.flotilla.client;

import io.flotilla.protocol.record.RecordHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to send. Equal by content; its arrays are not copied and must not change until the send has completed.
 *
 * @param partition       where to append; empty lets the key decide (murmur2, as Kafka's clients do), and without a key
 *     the producer keeps to one partition for a batch at a time
 * @param key             absent differs from empty
 * @param value           absent differs from empty
 * @param headers         kept in order; a key may repeat
 * @param timestampMillis milliseconds since the epoch; empty means the time of {@link Producer#send}
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is defined below; copies would cost the hot path
public record ProducerRecord(
        String topic,
        OptionalInt partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        OptionalLong timestampMillis) {
    // Written out because NullAway loses the annotations of array components in a compact constructor.
    public ProducerRecord(
            String topic,
            OptionalInt partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers,
            OptionalLong timestampMillis) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("a record needs a topic");
        }
        if (partition.isPresent() && partition.getAsInt() < 0) {
            throw new IllegalArgumentException("partition " + partition.getAsInt() + " is negative");
        }
        if (timestampMillis.isPresent() && timestampMillis.getAsLong() < 0) {
            throw new IllegalArgumentException("timestamp " + timestampMillis.getAsLong() + " ms is negative");
        }
        this.topic = topic;
        this.partition = partition;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
        this.timestampMillis = timestampMillis;
    }

    /** A record that goes where its key decides. */
    public static ProducerRecord of(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord(topic, OptionalInt.empty(), key, value, List.of(), OptionalLong.empty());
    }

    /** A record for a partition chosen by the caller. */
    public static ProducerRecord of(TopicPartition partition, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord(
                partition.topic(), OptionalInt.of(partition.partition()), key, value, List.of(), OptionalLong.empty());
    }

    public ProducerRecord withHeaders(List<RecordHeader> newHeaders) {
        return new ProducerRecord(topic, partition, key, value, newHeaders, timestampMillis);
    }

    /**
     * @param newTimestampMillis milliseconds since the epoch, 0 or more
     */
    public ProducerRecord withTimestamp(long newTimestampMillis) {
        return new ProducerRecord(topic, partition, key, value, headers, OptionalLong.of(newTimestampMillis));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProducerRecord that
                && topic.equals(that.topic)
                && partition.equals(that.partition)
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers)
                && timestampMillis.equals(that.timestampMillis);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, partition, Arrays.hashCode(key), Arrays.hashCode(value));
    }

    /** Sizes instead of contents, which are the users' own. */
    @Override
    public String toString() {
        return "ProducerRecord[topic=" + topic + ", partition=" + partition + ", keyBytes="
                + (key == null ? -1 : key.length) + ", valueBytes=" + (value == null ? -1 : value.length) + ", headers="
                + headers + ", timestampMillis=" + timestampMillis + "]";
    }
}

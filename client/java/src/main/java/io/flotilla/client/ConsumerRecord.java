package io.flotilla.client;

import io.flotilla.protocol.record.RecordHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A committed record. Equal by content; its arrays are the reader's own and are not copied.
 *
 * @param offset          its offset in its partition
 * @param timestampMillis milliseconds since the epoch
 * @param key             null where the producer gave none
 * @param value           null where the producer gave none
 * @param headers         in the producer's order
 * @param startOffset     where to begin in order to read it once more, see {@link Position#again}: its offset, or less if
 *     its value was so large that it lies in several records, of which {@code offset} is the last
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is defined below; copies would cost the hot path
public record ConsumerRecord(
        TopicPartition partition,
        long offset,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        long startOffset) {
    /** A record that is stored as one. */
    public ConsumerRecord(
            TopicPartition partition,
            long offset,
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        this(partition, offset, timestampMillis, key, value, headers, offset);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConsumerRecord that
                && offset == that.offset
                && startOffset == that.startOffset
                && timestampMillis == that.timestampMillis
                && partition.equals(that.partition)
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(partition, offset);
    }

    /** Sizes instead of contents, which are the users' own. */
    @Override
    public String toString() {
        return "ConsumerRecord[" + partition + "@" + offset + ", timestampMillis=" + timestampMillis + ", keyBytes="
                + (key == null ? -1 : key.length) + ", valueBytes=" + (value == null ? -1 : value.length) + ", headers="
                + headers + "]";
    }
}

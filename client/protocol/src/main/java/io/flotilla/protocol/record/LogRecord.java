package io.flotilla.protocol.record;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record as read. Equal by content.
 *
 * @param offset          place in its partition
 * @param timestampMillis milliseconds since the epoch, -1 for none
 * @param key             not copied, so not to be changed while the record is in use; null differs from empty
 * @param value           as the key
 * @param headers         in the order written
 */
@SuppressWarnings(
        "ArrayRecordComponent") // equality by content is defined below; a copy per record would cost the hot path
public record LogRecord(
        long offset, long timestampMillis, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LogRecord that
                && offset == that.offset
                && timestampMillis == that.timestampMillis
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(offset, timestampMillis, Arrays.hashCode(key), Arrays.hashCode(value), headers);
    }

    /** Sizes instead of contents: records end up in logs, and their bytes are the users' own. */
    @Override
    public String toString() {
        return "LogRecord[offset=" + offset + ", timestampMillis=" + timestampMillis + ", keyBytes=" + sizeOf(key)
                + ", valueBytes=" + sizeOf(value) + ", headers=" + headers.size() + "]";
    }

    private static int sizeOf(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }
}

package io.flotilla.protocol.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record. Order and repeated keys are legal, so a record has a list of them. Equal by content.
 *
 * @param key   any text; malformed UTF-16 is written as {@code ?}
 * @param value not copied, so not to be changed while the header is in use; null differs from empty
 */
@SuppressWarnings(
        "ArrayRecordComponent") // equality by content is defined below; a copy per header would cost the hot path
public record RecordHeader(String key, byte @Nullable [] value) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordHeader that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, Arrays.hashCode(value));
    }

    /** The value's size instead of its content, which is the users' own. */
    @Override
    public String toString() {
        return "RecordHeader[key=" + key + ", valueBytes=" + (value == null ? -1 : value.length) + "]";
    }
}
